//! Rule `redundant-condition-value-num`: several bounds where one decides.

use std::cmp::Ordering;

use keylint_diagnostics::Applicability;

use crate::{
    condition::{self, Compared, Family, number},
    context::{Context, Problem},
    model::Value,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.family == Family::Numeric) {
        let values = &test.key.values;
        let best = match test.info.compared {
            Compared::Below => Ordering::Greater,
            Compared::Above => Ordering::Less,
            _ => continue,
        };
        if values.items.len() < 2
            || !values.complete
            || !values.items.iter().all(|value| number::is_number(&value.text))
        {
            continue;
        }
        let better = |a: &Value, b: &Value| number::compare(&a.text, &b.text) == Some(best);
        let Some(kept) = values.items.iter().reduce(|a, b| if better(b, a) { b } else { a }) else { continue };
        let which = if best == Ordering::Greater { "greatest" } else { "least" };
        let message = format!("of several values the {which}, `{}`, decides alone", kept.text);
        let problem = Problem::new(values.span, message);
        // The written value keeps its quotes. A data source of Terraform wants a list; the key stands elsewhere there.
        let text = cx.text.get(kept.span.range()).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let between = cx.text.get(values.key_span.end as usize..values.span.start as usize).unwrap_or_default();
        let beside = between.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, b':' | b'='));
        let text = text.filter(|_| beside);
        let title = || format!("keep `{}` alone", kept.text);
        out.push(problem.fix(text.map(|text| cx.replace(values.span, text, title(), Applicability::Safe))));
    }
}
