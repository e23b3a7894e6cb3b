//! Rule `invalid-condition-key-format`: a condition key without the prefix of a service.

use keylint_diagnostics::Applicability;

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (_, key) in cx.statements().iter().flat_map(|statement| statement.condition_keys()) {
        let Some(text) = key.name.known() else { continue };
        let well = text.split_once(':').is_some_and(|(prefix, name)| {
            !prefix.is_empty() && !name.is_empty() && !prefix.contains([' ', '\t', '\n'])
        });
        if well || text.contains("${") {
            continue;
        }
        let meant = cx.catalogue.key(&format!("aws:{text}")).filter(|meant| !meant.template && !text.contains(':'));
        let message = format!("`{text}` is no condition key: it has the form `service:name`");
        out.push(match meant {
            Some(meant) => {
                let fix = cx.rewrite(&key.name, meant.name, Applicability::Safe);
                Problem::new(key.name.span, format!("{message}, did you mean `{}`?", meant.name)).fix(fix)
            }
            None => Problem::new(key.name.span, message),
        });
    }
}
