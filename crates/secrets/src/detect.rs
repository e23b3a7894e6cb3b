//! Runs the rules over a text: keywords lead to windows, windows to candidates, candidates to diagnostics.
//! Not here: how documents are read, or which findings count (`keylint-engine`).

use std::{ops::Range, sync::OnceLock};

use keylint_diagnostics::{
    Confidence, Diagnostic, Document, Encoding, Evidence, EvidenceKind, Fingerprint, Label, Mask, Severity, Skip,
    SkipKind, Span,
};
use keylint_rules::Rule;
use keylint_syntax::{
    Binding, FileKind, OffsetMap, Operator, Place, Quoting, Text, binding_at, further_values, joined_at, may_go_on,
    to_utf8,
};

use crate::{
    BuildError,
    compile::{Ready, Ruleset, Search},
    encoded::{Form, MAX_DEPTH},
    generic::{self, Promise},
    judge::{self, Fake},
    known::Known,
    model, named,
    overlap::{self, Candidate, Rank},
    pattern::{Cache, Found, Pattern},
    prefilter::Occurrence,
    samples,
    table::Lead,
};

/// Findings reported per document; a document with more holds a list of credentials, and the cap is said.
pub const MAX_DIAGNOSTICS: usize = 1000;
/// How far a binding may reach back to its name and on to its value; also the overlap of streamed pieces.
const HEAD: usize = 4096;

/// The secret rules, ready to run. Immutable; shared by all workers.
pub struct Detector {
    ruleset: Ruleset,
    key: Vec<u8>,
    today: Option<String>,
    known: OnceLock<Known>,
}

/// A worker's buffers. Bounded by the number of rules that ever met their keyword.
pub struct Scanner<'d> {
    detector: &'d Detector,
    hits: Vec<Occurrence>,
    caches: Vec<Option<Box<Cache>>>,
    /// For each rule, up to where the text has been searched, and in which text.
    searched: Vec<(u32, usize)>,
    text: u32,
}

/// What a worker knows of the text it scans.
struct Context<'t> {
    text: &'t [u8],
    /// Tells this text from all others that the scanner has seen.
    number: u32,
    kind: FileKind,
    place: Place,
}

/// What the generic rules have read of a text.
#[derive(Default)]
struct Bound {
    /// The value that was reported last.
    last: Range<usize>,
    /// The last run that was judged for each promise and kept none.
    runs: [Range<usize>; 2],
}

impl Bound {
    /// Whether the value is a part of a run that is no secret: names and operators may stand in one every few bytes, each
    /// with the rest of it as a value.
    fn in_run(&self, promise: Promise, binding: &Binding) -> bool {
        self.runs[promise as usize].contains(&binding.value.span.range().start) && is_run(binding)
    }
}

/// An unquoted value of this many bytes is a run of data.
const RUN: usize = 1024;

fn is_run(binding: &Binding) -> bool {
    binding.quoting == Quoting::None && binding.value.joined.is_none() && binding.value.span.range().len() >= RUN
}

impl Detector {
    /// Makes the secret rules among `rules` ready. `key` keys the fingerprints; `today` (`YYYY-MM-DD`) tells what expired.
    pub fn new(rules: &[Rule], key: &[u8], today: Option<&str>) -> Result<Detector, BuildError> {
        Ok(Detector::of(Ruleset::new(rules)?, key, today))
    }

    /// The secret rules that run by default: as `new` with these, but nothing is made ready before it is needed.
    pub fn builtin(key: &[u8], today: Option<&str>) -> Detector {
        Detector::of(Ruleset::builtin(), key, today)
    }

    fn of(ruleset: Ruleset, key: &[u8], today: Option<&str>) -> Detector {
        Detector { ruleset, key: key.into(), today: today.map(Into::into), known: OnceLock::new() }
    }

    /// Compiles every pattern now instead of on first need, to learn whether it can be.
    pub fn compile(&self) -> Result<(), BuildError> {
        for rule in self.ruleset.rules.iter() {
            let refuse = |key: &str, reason| BuildError { rule: rule.id.to_string(), key: key.into(), reason };
            let named: Vec<(&str, &Pattern)> = match &rule.search {
                Search::Pattern(pattern) => vec![("pattern", pattern)],
                Search::Value { value, name, .. } => {
                    std::iter::once(("value", value)).chain(name.as_ref().map(|name| ("name", name))).collect()
                }
                Search::Binding(_) => Vec::new(),
            };
            for (key, pattern) in named.into_iter().chain(rule.allow.iter().map(|allow| ("allow", allow))) {
                pattern.compile().map_err(|reason| refuse(key, reason))?;
            }
        }
        Ok(())
    }

    /// The identity that a finding of `rule` has where `secret` is what was found.
    pub fn fingerprint(&self, rule: &str, secret: &[u8]) -> Fingerprint {
        Fingerprint::of(&self.key, rule, secret)
    }

    /// A worker's buffers.
    pub fn scanner(&self) -> Scanner<'_> {
        let rules = self.ruleset.rules.len();
        Scanner {
            detector: self,
            hits: Vec::new(),
            caches: std::iter::repeat_with(|| None).take(rules).collect(),
            searched: vec![(0, 0); rules],
            text: 0,
        }
    }
}

impl<'d> Scanner<'d> {
    /// The findings of a document, by span and rule.
    pub fn scan(&mut self, document: &Document<'_>) -> (Vec<Diagnostic>, Option<Skip>) {
        let encoding = Encoding::detect(document.text);
        let (candidates, map) = if encoding == Encoding::Utf8 {
            (self.candidates(document.path, document.text), None)
        } else {
            let decoded = to_utf8(document.text, encoding);
            (self.candidates(document.path, &decoded.bytes), Some(decoded.map))
        };
        let capped = candidates.len() > MAX_DIAGNOSTICS;
        let mut diagnostics: Vec<Diagnostic> =
            candidates.iter().take(MAX_DIAGNOSTICS).map(|candidate| self.diagnostic(candidate, map.as_ref())).collect();
        keylint_diagnostics::sort_by(&mut diagnostics, |a, b| {
            (a.primary.span, &a.rule).cmp(&(b.primary.span, &b.rule))
        });
        let skip = capped.then(|| Skip {
            path: document.path.into(),
            kind: SkipKind::Incomplete,
            reason: format!("more than {MAX_DIAGNOSTICS} findings, the rest is not reported"),
        });
        (diagnostics, skip)
    }

    /// What survives of everything that the keywords of `text` lead to.
    fn candidates(&mut self, path: &str, text: &[u8]) -> Vec<Candidate> {
        let mut out = Vec::new();
        let mut hits = std::mem::take(&mut self.hits);
        self.look(path, text, &mut hits, 0, &mut out);
        self.hits = hits;
        if out.is_empty() {
            return out;
        }
        let rules = &self.detector.ruleset.rules;
        let mut kept = overlap::resolve(out, |rule| rules[rule as usize].longest_keyword);
        self.adopt(text, &mut kept);
        overlap::join(kept, |rule| rules[rule as usize].near.as_ref().map(|(partner, within, _)| (*partner, *within)))
    }

    /// A value with a name of no provider is the missing half of a pair when it stands beside the other half and has the
    /// right shape: `access_key` and `secret_key` in a Terraform provider.
    fn adopt(&mut self, text: &[u8], kept: &mut [Candidate]) {
        let rules = &self.detector.ruleset.rules;
        for index in 0..kept.len() {
            let Some((partner, within, _)) = &rules[kept[index].rule as usize].near else { continue };
            let Search::Value { value, .. } = &rules[*partner as usize].search else { continue };
            let near = kept[index].span.start.saturating_sub(*within)..kept[index].span.end + within;
            let cache = &mut self.caches[*partner as usize];
            for other in kept.iter_mut().filter(|other| other.rank == Rank::Generic && near.contains(&other.span.start))
            {
                let found = value.find(cache, text, other.span.clone(), true);
                if found.is_some_and(|found| found.whole == other.span) {
                    (other.rule, other.rank) = (*partner, Rank::Named);
                }
            }
        }
    }

    /// Everything that the keywords of `text` lead to; `depth` encodings have been taken off it.
    fn look(&mut self, path: &str, text: &[u8], hits: &mut Vec<Occurrence>, depth: usize, out: &mut Vec<Candidate>) {
        let ruleset = &self.detector.ruleset;
        hits.clear();
        ruleset.table.find(text, hits);
        if hits.is_empty() {
            return;
        }
        in_order(hits);
        self.text += 1;
        let context = Context {
            text,
            number: self.text,
            kind: FileKind::of(path, &text[..text.len().min(HEAD)]),
            place: Place::of(path),
        };
        // A name may hold several keywords, and an encoded run too; each is read once.
        let mut bound = Bound::default();
        let mut decoded = 0..0;
        for &hit in &*hits {
            let keyword = ruleset.table.range(hit);
            let following = keylint_rules::fold(text.get(keyword.end).copied().unwrap_or(0));
            for lead in ruleset.table.leads(hit.keyword) {
                match lead {
                    Lead::Rule { rule, next } if next >> following & 1 == 1 => {
                        self.run(rule, keyword.clone(), &context, &mut bound, out);
                    }
                    Lead::Encoded(form) if depth < MAX_DEPTH && keyword.start >= decoded.end => {
                        if let Some((run, inner)) = form.decode(text, keyword.clone()) {
                            decoded = run;
                            self.look_inside(path, &inner, form, depth, out);
                        }
                    }
                    Lead::Rule { .. } | Lead::Encoded(_) => {}
                }
            }
        }
    }

    /// Looks at decoded text and moves what it gives to where it is stored.
    fn look_inside(&mut self, path: &str, inner: &Text, form: Form, depth: usize, out: &mut Vec<Candidate>) {
        let mut found = Vec::new();
        self.look(path, &inner.bytes, &mut Vec::new(), depth + 1, &mut found);
        out.extend(found.into_iter().map(|candidate| Candidate {
            span: inner.map.span(candidate.span.clone()).range(),
            evidence:
                [candidate.evidence, vec![Evidence { kind: EvidenceKind::Decoded, text: form.name().into() }]].concat(),
            // What the stored bytes show is not the prefix.
            prefix: 0,
            ..candidate
        }));
    }

    /// Runs one rule around one keyword.
    fn run(
        &mut self,
        index: u16,
        keyword: Range<usize>,
        context: &Context<'_>,
        bound: &mut Bound,
        out: &mut Vec<Candidate>,
    ) {
        let detector = self.detector;
        let text = context.text;
        match &detector.ruleset.rules[index as usize].search {
            Search::Pattern(pattern) => self.find(index, pattern, keyword.start, context, out),
            // What stands beside a provider's name there is the digest of a package.
            Search::Value { .. } if context.place.lock_file => {}
            Search::Value { value, name, .. } => {
                let rule = &detector.ruleset.rules[index as usize];
                let cache = &mut self.caches[index as usize];
                let found = named::find(text, keyword, value, cache, name.as_ref(), rule.identifies);
                out.extend(found.and_then(|span| detector.value(index, text, span, context)));
            }
            Search::Binding(promise) => {
                let Some(mut binding) = binding_at(text, keyword, context.kind) else { return };
                let span = binding.value.span.range();
                if bound.last == span || bound.in_run(*promise, &binding) {
                    return;
                }
                let first = detector.bound(index, *promise, &binding, context);
                // Of a list or column, every value; where the first is none, only a column is worth the look.
                let further = first.is_some() || binding.operator == Operator::Column;
                let further = if further { further_values(text, &binding, context.kind) } else { Vec::new() };
                match &first {
                    Some(candidate) => bound.last = candidate.span.clone(),
                    None if is_run(&binding) => bound.runs[*promise as usize] = span,
                    None => {}
                }
                out.extend(first);
                for value in further {
                    binding.value = value;
                    out.extend(detector.bound(index, *promise, &binding, context));
                }
            }
        }
    }

    /// Searches a pattern around the keyword at `keyword`.
    fn find(&mut self, index: u16, pattern: &Pattern, keyword: usize, context: &Context<'_>, out: &mut Vec<Candidate>) {
        let text = context.text;
        let measure = &pattern.measure;
        let is_word = |at: usize| text[at].is_ascii_alphanumeric() || text[at] == b'_';
        if measure.word && keyword > 0 && is_word(keyword - 1) && is_word(keyword) {
            return;
        }
        let cache = &mut self.caches[index as usize];
        let searched = &mut self.searched[index as usize];
        if searched.0 != context.number {
            *searched = (context.number, 0);
        }
        let start = keyword.saturating_sub(measure.before.into()).max(searched.1);
        let end = text.len().min(keyword + usize::from(measure.longest));
        let mut from = start;
        let signed = || measure.sign == 0 || memchr::memchr(measure.sign, &text[start..end]).is_some();
        let may = start <= keyword && measure.may_match(&text[keyword..]) && signed();
        while may
            && from <= keyword
            && let Some(found) = first(pattern, cache, text, from..end, keyword)
        {
            from = found.whole.end.max(from + 1);
            searched.1 = from;
            let secret = &text[found.secret.clone()];
            if !in_blob(text, &found.whole) {
                out.extend(self.detector.token(index, secret, found.secret, context));
            }
        }
        // What begins at or before the keyword ends in the window, so nothing does: no keyword needs to look again.
        if from <= keyword {
            searched.1 = keyword + 1;
        }
        if from == start && measure.at_keyword() {
            let joined = joined(pattern, cache, text, keyword);
            out.extend(joined.and_then(|(secret, span)| self.detector.token(index, &secret, span, context)));
        }
    }

    fn diagnostic(&self, candidate: &Candidate, map: Option<&OffsetMap>) -> Diagnostic {
        let rule = &self.detector.ruleset.rules[candidate.rule as usize];
        let span = |range: &Range<usize>| map.map_or_else(|| Span::new(range.clone()), |map| map.span(range.clone()));
        let label = |candidate: &Candidate, text: &str| Label {
            path: None,
            span: span(&candidate.span),
            text: text.into(),
            mask: Some(if map.is_none() { Mask::token(candidate.prefix) } else { Mask::HIDDEN }),
        };
        let mut severity = rule.severity;
        let mut confidence = candidate.confidence;
        let mut message = rule.title.clone();
        let mut evidence = candidate.evidence.clone();
        let mut related = Vec::new();
        if let (Some(partner), Some((_, _, title))) = (&candidate.partner, &rule.near) {
            let other = &self.detector.ruleset.rules[partner.rule as usize];
            severity = severity.max(other.severity);
            confidence = confidence.max(partner.confidence).max(Confidence::High);
            message = title.clone();
            related.push(label(partner, &other.title));
            evidence.push(Evidence { kind: EvidenceKind::Partner, text: format!("its {} stands nearby", other.title) });
            evidence.extend(partner.evidence.iter().cloned());
        }
        if rule.public {
            severity = Severity::Info;
        }
        Diagnostic {
            rule: rule.id.clone(),
            severity,
            confidence,
            message,
            primary: label(candidate, ""),
            related,
            evidence,
            fixes: Vec::new(),
            fingerprint: Fingerprint::of(&self.detector.key, rule.id.as_str(), &candidate.identity),
            suppressed: None,
        }
    }
}

impl Detector {
    /// A token known by its shape: only what was clearly made up is left out.
    fn token(&self, index: u16, secret: &[u8], span: Range<usize>, context: &Context<'_>) -> Option<Candidate> {
        let rule = &self.ruleset.rules[index as usize];
        if rule.allow.iter().any(|allow| allow.occurs_in(secret)) {
            return None;
        }
        let prefix = rule.public_prefix(secret);
        let mut confidence = rule.confidence;
        let mut evidence = Vec::new();
        match judge::fake(&secret[prefix..]) {
            Some(Fake::Placeholder(_)) if rule.rank() != Rank::Pattern || !whole(&secret[prefix..]) => return None,
            Some(Fake::Placeholder(reason) | Fake::Typed(reason)) => {
                evidence.push(Evidence { kind: EvidenceKind::Placeholder, text: reason.into() });
                confidence = Confidence::Low;
            }
            None => confidence = lowered(confidence, context.place),
        }
        if let Some(holds) = rule.checksum.and_then(|checksum| checksum.holds(secret)) {
            let wrong = "checksum wrong: the provider did not issue it as it stands";
            let text = if holds { "checksum valid" } else { wrong };
            evidence.push(Evidence { kind: EvidenceKind::Checksum, text: text.into() });
            confidence = if holds { Confidence::Certain } else { Confidence::Low };
        }
        if let Some(structure) = rule.structure {
            let parsed = structure.parse(secret, context.text, span.clone(), self.today.as_deref());
            if parsed.rejected {
                return None;
            }
            confidence = match parsed.confidence {
                _ if parsed.harmless => Confidence::Low,
                // What is proved stays less sure in a test or an example.
                Some(Confidence::Certain) if confidence >= Confidence::High && !context.place.documentation => {
                    Confidence::Certain
                }
                Some(other) => confidence.min(other),
                None => confidence,
            };
            evidence.extend(parsed.evidence);
        }
        if let Some(told) = published(secret) {
            confidence = Confidence::Low;
            evidence.push(told);
        }
        let (rank, identity) = (rule.rank(), secret.into());
        Some(Candidate { rule: index, span, confidence, evidence, rank, identity, prefix, partner: None })
    }

    /// A value that a provider's name tells.
    fn value(&self, index: u16, text: &[u8], span: Range<usize>, context: &Context<'_>) -> Option<Candidate> {
        let rule = &self.ruleset.rules[index as usize];
        let Search::Value { random, .. } = rule.search else { return None };
        let secret = &text[span.clone()];
        // No word of twenty letters has only those of hexadecimal digits.
        let hex = secret.len() >= 20 && secret.iter().all(u8::is_ascii_hexdigit);
        let digits = secret.iter().filter(|b| b.is_ascii_digit()).count();
        let names = || judge::wordy(secret) || rule.is_named_in(secret);
        let words = || judge::wordlike(secret) || digits <= FEW_DIGITS && names();
        if random && !hex && words() {
            return None;
        }
        // A rule that lets words through asks for passwords; one of words has a digit.
        let weak = || digits == 0 && judge::strength(secret) != judge::Strength::Random;
        if !random && rule.id.as_str().ends_with("-password") && weak() {
            return None;
        }
        let mut candidate = self.token(index, secret, span, context)?;
        candidate.rank = Rank::Named;
        Some(candidate)
    }
}

impl Detector {
    /// A value whose name speaks of a secret.
    fn bound(&self, index: u16, promise: Promise, binding: &Binding, context: &Context<'_>) -> Option<Candidate> {
        let mut judged = generic::judge(binding, promise, context.text, context.kind, context.place)?;
        let rules = &self.ruleset.rules;
        let known = || self.known.get_or_init(|| Known::new(rules));
        let value = binding.value.bytes(context.text);
        if promise == Promise::Token {
            // A name that many things have and a value that was typed: neither alone would be reported.
            let typed = judged.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::Placeholder);
            if typed || known().malformed(rules, context.text, binding.name.range(), value) {
                return None;
            }
        }
        if let Some(told) = published(value) {
            judged.confidence = Confidence::Low;
            judged.evidence.push(told);
        }
        let name = binding.name.of(context.text).to_ascii_lowercase();
        let identity = if judged.weak { name } else { binding.value.bytes(context.text).to_vec() };
        Some(Candidate {
            rule: index,
            span: binding.value.span.range(),
            confidence: lowered(judged.confidence, context.place),
            evidence: judged.evidence,
            rank: Rank::Generic,
            identity,
            prefix: 0,
            partner: None,
        })
    }
}

/// Puts occurrences in order, of which each is at most some places out of it.
fn in_order(hits: &mut [Occurrence]) {
    for end in 1..hits.len() {
        let mut at = end;
        while at > 0 && hits[at] < hits[at - 1] {
            hits.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// What is said of a secret that a standard shows.
fn published(secret: &[u8]) -> Option<Evidence> {
    let publisher = samples::publisher(secret)?;
    Some(Evidence { kind: EvidenceKind::Placeholder, text: format!("an example of {publisher}") })
}

/// So many digits does an identifier of a program have beside its words, and hardly a token: `HTTP_500_INTERNAL_ERROR`.
const FEW_DIGITS: usize = 3;

impl Ready {
    /// Whether a value says the name of its provider, as identifiers of programs do: `AcmeOAuth2Api`.
    fn is_named_in(&self, secret: &[u8]) -> bool {
        let letters = |keyword: &&Vec<u8>| keyword.len() >= NAMED && keyword.iter().all(u8::is_ascii_alphabetic);
        let lower = secret.to_ascii_lowercase();
        let said = |keyword: &Vec<u8>| memchr::memmem::find(&lower, keyword).is_some();
        secret.iter().any(u8::is_ascii_lowercase) && self.keywords.iter().filter(letters).any(said)
    }

    /// How many bytes at the start of `secret` are the same for all its kind.
    fn public_prefix(&self, secret: &[u8]) -> usize {
        if !matches!(self.search, Search::Pattern(_)) {
            return 0;
        }
        self.keywords.iter().filter(|keyword| secret.starts_with(keyword)).map(Vec::len).max().unwrap_or(0)
    }
}

/// A name of so many letters does not stand in random text.
const NAMED: usize = 5;

/// Test and example paths make a finding less sure; they do not silence it.
fn lowered(confidence: Confidence, place: Place) -> Confidence {
    match confidence {
        Confidence::High if place.test || place.example => Confidence::Medium,
        Confidence::Medium if place.test || place.example => Confidence::Low,
        other => other,
    }
}

/// Base64 that goes on for this many bytes beside a token is a file, not a place for one.
const BLOB: usize = 96;

/// Random base64 of this many bytes, and the `/` or `+` that ends it, tell that a match goes on with it.
const BROKEN: usize = 8;

/// Whether a match lies within a longer run of base64, such as an embedded image, font or WebAssembly module, in which
/// any short prefix turns up by chance.
fn in_blob(text: &[u8], found: &Range<usize>) -> bool {
    let inside = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let before = text[..found.start].iter().rev().take(BLOB).take_while(inside).count();
    let after = text[found.end..].iter().take(BLOB).take_while(inside).count();
    let broken = || {
        let run = &text[found.start - before..found.start];
        let random = model::surprise(run) >= run.len() as i32 * 3 / 2 && run.iter().any(u8::is_ascii_uppercase);
        run.len() > BROKEN && matches!(run.last(), Some(b'/' | b'+')) && random
    };
    (before + after >= BLOB || broken()) && text[found.clone()].iter().all(|b| inside(&b))
}

/// Whether a token with a word of samples in it is a whole one for the rest: long, and of many characters. Documents
/// show real tokens with a few letters overwritten, and a leaked one may hold such a word by its owner's hand.
fn whole(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    body.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    body.len() >= 20 && seen.iter().filter(|&&seen| seen).count() >= 14
}

/// Patterns that reach this far are tried start by start. Searched for, they would follow every start at once through
/// their counted repetitions, which no automaton of bounded size does fast.
const FAR: u16 = 512;

/// The first match in `range` that begins at or before the keyword.
fn first(
    pattern: &Pattern,
    cache: &mut Option<Box<Cache>>,
    text: &[u8],
    range: Range<usize>,
    keyword: usize,
) -> Option<Found> {
    if pattern.measure.longest < FAR || pattern.measure.at_keyword() {
        return pattern.find(cache, text, range, pattern.measure.at_keyword());
    }
    (range.start..=keyword).find_map(|start| pattern.find(cache, text, start..range.end, true))
}

/// A token split over concatenated literals: its bytes, and where they stand in the text.
fn joined(
    pattern: &Pattern,
    cache: &mut Option<Box<Cache>>,
    text: &[u8],
    start: usize,
) -> Option<(Vec<u8>, Range<usize>)> {
    let run = text[start..]
        .iter()
        .take(usize::from(pattern.measure.longest))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        .count();
    let stop = start + run;
    let quote = text.get(stop).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let quotes = text[stop..].iter().take(3).take_while(|byte| *byte == quote).count();
    if run >= usize::from(pattern.measure.shortest) || !may_go_on(text, stop + quotes) {
        return None;
    }
    let joined = joined_at(text, start)?;
    let found = pattern.find(cache, &joined.bytes, 0..joined.bytes.len(), false)?;
    let span = joined.map.span(found.secret.clone()).range();
    Some((joined.bytes[found.secret].to_vec(), span))
}
