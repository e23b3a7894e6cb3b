//! Rule `improve-ip-range`: a range whose address has bits that its mask leaves out.

use keylint_diagnostics::Applicability;

use crate::{
    condition::{self, Family, address::Range},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.family == Family::IpAddress) {
        for (value, text) in test.key.values.known() {
            let Some(range) = Range::parse(text).and_then(|range| range.trimmed()) else { continue };
            let message = format!("bits of `{text}` are not compared: it is the range `{range}`");
            out.push(Problem::new(value.span, message).fix(cx.rewrite(value, &range, Applicability::Safe)));
        }
    }
}
