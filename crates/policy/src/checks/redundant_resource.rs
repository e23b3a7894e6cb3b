//! Rule `redundant-resource`: a resource that another one of the same list takes in, or that stands there twice.

use super::redundancy;
use crate::{
    arn,
    context::{Context, Problem},
    model::Value,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements() {
        for values in statement.resource.iter().chain(&statement.not_resource).filter(|values| values.items.len() > 1) {
            let items: Vec<&Value> = values.items.iter().filter(|value| value.known).collect();
            let texts: Vec<String> = items.iter().map(|value| value.text.to_string()).collect();
            for group in redundancy::groups(&texts, arn::covers) {
                out.push(redundancy::problem(cx, values, &items, &group, "resource of the list"));
            }
        }
    }
}
