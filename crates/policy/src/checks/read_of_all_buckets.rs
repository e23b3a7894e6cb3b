//! Rule `read-of-all-buckets`: every object of every bucket can be read.

use super::data_everywhere::{Data, report};
use crate::context::{Context, Problem};

const DATA: Data = Data { actions: &["s3:GetObject"], all: "arn:aws:s3:::*", may: "read every object in every bucket" };

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(cx, &DATA, out);
}
