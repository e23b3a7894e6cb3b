//! Rule `type-mismatch-ip-range`: a value that is no address.

use super::typed_values;
use crate::{
    condition::{Family, address::Range},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let of = |family| family == Family::IpAddress;
    typed_values::report(
        cx,
        of,
        |_, text| Range::parse(text).is_some(),
        "an address or a range such as `203.0.113.0/24`",
        out,
    );
}
