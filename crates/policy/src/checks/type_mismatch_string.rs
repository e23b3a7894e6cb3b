//! Rule `type-mismatch-string`: a value that is not base64.

use super::typed_values;
use crate::{
    condition::{Family, number},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let of = |family| family == Family::Binary;
    typed_values::report(cx, of, |_, text| number::is_base64(text), "text in base64", out);
}
