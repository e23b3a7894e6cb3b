//! Rule `missing-paired-condition-keys`: a private address without the network that it is of.

use crate::{
    condition::{self, Family, has_unknown_keys},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if test.info.family == Family::Null || !test.is("aws:VpcSourceIp") || has_unknown_keys(test.statement) {
            continue;
        }
        let pairs = ["aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"];
        if !condition::of(test.statement).any(|other| other.is_any(&pairs)) {
            let message =
                "any network can use this private address, so `aws:SourceVpc` or `aws:SourceVpce` belongs with it";
            out.push(Problem::new(test.key.name.span, message));
        }
    }
}
