//! Rule `unsupported-action-in-policy`: an action of another service in the policy of a resource.

use crate::{
    context::{Context, Problem},
    wildcard,
};

/// Services whose resource policies also speak of the actions of others.
const ALSO: &[(&str, &[&str])] = &[
    ("s3-object-lambda", &["s3"]),
    ("s3express", &["s3"]),
    ("s3-outposts", &["s3"]),
    ("es", &["opensearch"]),
    ("vpc-lattice", &["vpc-lattice-svcs"]),
    ("logs", &["observabilityadmin"]),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(service) = cx.policy.service.as_deref().filter(|_| cx.policy.kind.is_resource()) else { return };
    let also = ALSO.iter().find(|(name, _)| *name == service).map_or(&[][..], |(_, also)| *also);
    for statement in cx.statements() {
        for (value, text) in statement.action.iter().flat_map(|values| values.known()) {
            let Some((prefix, _)) = text.split_once(':') else { continue };
            let fits = |name: &str| wildcard::admits(&prefix.to_ascii_lowercase(), name);
            // An unknown service is reported as that.
            if !fits(service) && !also.iter().any(|name| fits(name)) && cx.catalogue.service(prefix).is_some() {
                let message =
                    format!("a policy of `{service}` cannot grant or deny `{text}`, which is another service's");
                out.push(Problem::new(value.span, message));
            }
        }
    }
}
