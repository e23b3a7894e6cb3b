//! Rule `type-mismatch-number`: a value that is no number.

use super::typed_values;
use crate::{
    condition::{Family, number},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let of = |family| family == Family::Numeric;
    typed_values::report(cx, of, |_, text| number::is_number(text), "a number", out);
}
