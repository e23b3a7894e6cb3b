//! Rule `type-mismatch-boolean`: a value that is no boolean.

use super::typed_values;
use crate::{
    condition::{Family, number},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let of = |family| matches!(family, Family::Bool | Family::Null);
    typed_values::report(cx, of, |_, text| number::is_bool(text), "`true` or `false`", out);
}
