//! Rule `type-mismatch-date`: a value that is no date.

use super::typed_values;
use crate::{
    condition::{Family, date},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let of = |family| family == Family::Date;
    typed_values::report(cx, of, |_, text| date::form(text).is_some(), "a date such as `2026-09-26T08:00:00Z`", out);
}
