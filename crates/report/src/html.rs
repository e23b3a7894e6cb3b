//! One page for a browser that needs nothing else: findings by document, filters, no source from elsewhere. It can be read
//! without its script, and its policy lets nothing run but that.
//! Not here: the style and the script themselves (`html/`).

use std::io;

use keylint_diagnostics::{Diagnostic, Severity, Suppression};

use crate::{
    Sink, Summary, View,
    entry::{Entry, worst_first},
    escape::{one_line, xml, xml_exact},
    masked::{Masked, Seen, here},
    text::words,
};

/// Findings on the page; a browser is slow with more, and nobody reads them.
const MAX_FINDINGS: usize = 10_000;
/// Documents that were not scanned and are named.
const MAX_SKIPS: usize = 1000;
/// Related places of a finding that are named.
const MAX_RELATED: usize = 20;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
/// SHA-256 of the two in base64, as the policy names them; a test computes them anew.
const STYLE_HASH: &str = "bwC4IPF6336oOf30tAACBDXF0U8CWfHlXswEs1YTXZk=";
const SCRIPT_HASH: &str = "so3nkJkV6mp1y5ILzgC3f5lbZ0vU51lZISMNc338knQ=";

/// The sink of [`crate::Format::Html`]. The counts stand at the top, so the page is kept until the end.
pub(crate) struct Html<'a> {
    out: Box<dyn io::Write + 'a>,
    seen: Seen,
    main: String,
    /// The document whose section is open.
    document: Option<String>,
    documents: u64,
    findings: usize,
    dropped: usize,
}

impl<'a> Html<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Html<'a> {
        Html { out, seen: Seen::default(), main: String::new(), document: None, documents: 0, findings: 0, dropped: 0 }
    }

    /// Opens the section of the view's document, if it is not open.
    fn turn_to(&mut self, view: &View<'_>) {
        let document = format!("{}\0{}\0{}", view.path, view.origin, view.version());
        if self.document.as_ref() == Some(&document) {
            return;
        }
        self.end_section();
        self.document = Some(document);
        let path = xml(view.path);
        self.main.push_str(&format!("<section data-path=\"{path}\">\n<h2>{path}</h2>\n"));
    }

    fn end_section(&mut self) {
        if self.document.take().is_some() {
            self.main.push_str("</section>\n");
        }
    }
}

impl Sink for Html<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut self.seen, false);
        let before = self.document.clone();
        for diagnostic in diagnostics {
            if self.findings == MAX_FINDINGS {
                self.dropped += 1;
                continue;
            }
            self.findings += 1;
            self.turn_to(view);
            self.main.push_str(&article(&Entry::new(&masked, diagnostic), &masked));
        }
        let open = diagnostics.iter().any(|diagnostic| diagnostic.suppressed.is_none());
        self.documents += u64::from(open && before != self.document);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.end_section();
        let gate = summary.gate;
        let gate = match gate.fail_on {
            Some(severity) => format!("severity {severity} and confidence {} or more", gate.min_confidence),
            None => "nothing fails".into(),
        };
        let counts = xml(&words::last_line(summary, self.documents, false));
        write!(
            self.out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>keylint report</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>keylint report</h1>\n<p>{counts}</p>\n<p class=\"quiet\">Gate: {gate}. Secrets are masked. keylint {}, {} rules.</p>\n</header>\n{}<main>\n{}{}",
            xml(&summary.tool.version),
            summary.tool.rules,
            form(),
            self.main,
            end(summary, self.findings, self.dropped)
        )?;
        write!(self.out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")?;
        self.out.flush()
    }
}

/// The filters. The script shows them, and fills in the rules.
fn form() -> String {
    let mut text = String::from(
        "<form hidden autocomplete=\"off\">\n<label>Search <input type=\"search\" name=\"search\"></label>\n<fieldset><legend>Severity</legend>\n",
    );
    for severity in worst_first() {
        text.push_str(&format!(
            "<label><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> {severity}</label>\n"
        ));
    }
    text.push_str(
        "</fieldset>\n<label>Rule <select name=\"rule\"><option value=\"\">all</option></select></label>\n\
         <label><input type=\"checkbox\" name=\"suppressed\"> also suppressed</label>\n<output role=\"status\"></output>\n</form>\n",
    );
    text
}

fn article(entry: &Entry<'_>, masked: &Masked<'_>) -> String {
    let diagnostic = entry.diagnostic;
    let severity: Severity = diagnostic.severity;
    let rule = entry.rule();
    let suppressed = if diagnostic.suppressed.is_some() { " data-suppressed" } else { "" };
    let (id, attribute) = (xml(rule), xml_exact(rule));
    let id = match keylint_rules::about(rule) {
        Some(_) => format!("<a href=\"{}\">{id}</a>", xml(&keylint_rules::page(rule))),
        None => id,
    };
    let mut text = format!(
        "<article class=\"{severity}\" data-severity=\"{severity}\" data-rule=\"{attribute}\"{suppressed}>\n\
         <p><span class=\"severity\">{severity}</span> <code>{id}</code> {}</p>\n",
        xml(&entry.message)
    );
    let place = entry.range.map(|(start, _)| format!("line {}, column {}, ", start.line, start.column));
    text.push_str(&format!(
        "<p class=\"quiet\">{}confidence {}</p>\n",
        place.unwrap_or_default(),
        diagnostic.confidence
    ));
    if let Some(excerpt) = entry.excerpt(masked) {
        let mark = excerpt.marks.first().cloned().unwrap_or(0..0);
        let part = |range: std::ops::Range<usize>| xml(excerpt.text.get(range).unwrap_or_default());
        text.push_str(&format!(
            "<pre tabindex=\"0\"><code>{}<mark>{}</mark>{}</code></pre>\n",
            part(0..mark.start),
            part(mark.clone()),
            part(mark.end..excerpt.text.len())
        ));
    }
    let items = items(entry, masked);
    if !items.is_empty() {
        text.push_str(&format!("<ul>\n{items}</ul>\n"));
    }
    text.push_str(&format!("<p class=\"quiet\">fingerprint <code>{}</code></p>\n</article>\n", diagnostic.fingerprint));
    text
}

/// What else is known, as list items.
fn items(entry: &Entry<'_>, masked: &Masked<'_>) -> String {
    let mut text = String::new();
    let facts = entry.facts();
    if !facts.is_empty() {
        text.push_str(&format!("<li>evidence: {}</li>\n", xml(&facts)));
    }
    for label in entry.diagnostic.related.iter().take(MAX_RELATED) {
        let path = if here(masked.view, label) { "" } else { label.path.as_deref().unwrap_or_default() };
        let line = masked.position(label).map_or(String::new(), |(start, _)| format!("line {}: ", start.line));
        let path = if path.is_empty() { String::new() } else { format!("<code>{}</code>: ", xml(path)) };
        text.push_str(&format!("<li>{path}{line}{}</li>\n", xml(&label.text)));
    }
    if let Some(revoke) = entry.revoke().map(one_line) {
        let shown = xml(&revoke);
        let link = revoke.starts_with("https://") && !revoke.contains(' ');
        let shown = if link { format!("<a href=\"{shown}\">{shown}</a>") } else { shown };
        text.push_str(&format!("<li>revoke: {shown}</li>\n"));
    }
    text.extend(entry.diagnostic.suppressed.as_ref().map(suppressed));
    text
}

fn suppressed(suppression: &Suppression) -> String {
    let mut said = vec![format!("suppressed: {}", suppression.kind)];
    said.extend(suppression.reason.clone());
    said.extend(suppression.owner.as_ref().map(|owner| format!("owner {owner}")));
    said.extend(suppression.until.as_ref().map(|until| format!("until {until}")));
    format!("<li>{}</li>\n", xml(&said.join(", ")))
}

/// What stands behind the findings.
fn end(summary: &Summary, findings: usize, dropped: usize) -> String {
    let mut text = String::new();
    if findings == 0 {
        text.push_str("<p>No findings.</p>\n");
    }
    if dropped > 0 {
        text.push_str(&format!("<p>{dropped} more findings are not on this page.</p>\n"));
    }
    let holes: Vec<_> = summary.incomplete().collect();
    if !holes.is_empty() {
        text.push_str("<h2>Not scanned</h2>\n<ul>\n");
        for skip in holes.iter().take(MAX_SKIPS) {
            text.push_str(&format!("<li><code>{}</code>: {}</li>\n", xml(&skip.path), xml(&skip.reason)));
        }
        if holes.len() > MAX_SKIPS {
            text.push_str(&format!("<li>and {} more</li>\n", holes.len() - MAX_SKIPS));
        }
        text.push_str("</ul>\n");
    }
    text
}
