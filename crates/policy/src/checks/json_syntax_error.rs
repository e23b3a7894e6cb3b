//! Rule `json-syntax-error`: a text that is meant as a policy and does not parse. There is no policy to check then, so the
//! detector asks here itself.

use keylint_diagnostics::Document;
use keylint_syntax::tree::SyntaxError;

use crate::context::{Context, Problem};

pub(super) fn check(_: &Context<'_>, _: &mut Vec<Problem>) {}

/// The finding for an error of a document, where it is one that holds statements. Other broken JSON is no matter of ours.
pub(crate) fn problem(document: &Document<'_>, error: &SyntaxError) -> Option<Problem> {
    let holds = |word: &str| memchr::memmem::find(document.text, word.as_bytes()).is_some();
    let is_meant = holds("Statement") && holds("Effect") && (holds("Action") || holds("Resource"));
    is_meant.then(|| Problem::new(error.span, format!("the policy does not parse: {}", error.message)))
}
