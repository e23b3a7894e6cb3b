//! "Did you mean": the known name that is the likeliest to be meant by an unknown one.
//! Not here: names that are known but do not fit (`checks`).

use super::{Action, Catalogue, Service};

/// The most edits between a name and what is offered for it: one for short names, three for long ones. More would offer
/// names that only happen to be alike.
fn limit(len: usize) -> usize {
    match len {
        0..=3 => 0,
        4..=7 => 1,
        8..=15 => 2,
        _ => 3,
    }
}

/// Edits (insert, delete, replace, swap of neighbours) between two texts without regard to case; `None` above `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let same = |i: usize, j: usize| a[i].eq_ignore_ascii_case(&b[j]);
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut this = vec![0; b.len() + 1];
    for i in 0..a.len() {
        this[0] = i + 1;
        let mut least = this[0];
        for j in 0..b.len() {
            let mut best = (last[j] + usize::from(!same(i, j))).min(last[j + 1] + 1).min(this[j] + 1);
            if i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j) {
                best = best.min(before[j - 1] + 1);
            }
            this[j + 1] = best;
            least = least.min(best);
        }
        if least > most {
            return None;
        }
        (before, last, this) = (last, this, before);
    }
    Some(last[b.len()]).filter(|&edits| edits <= most)
}

/// The candidate with the fewest edits; the first of equals, since candidates are sorted.
fn nearest<'t, T>(text: &str, candidates: impl Iterator<Item = (&'t str, T)>) -> Option<T> {
    let mut best = None;
    let mut most = limit(text.len());
    for (name, value) in candidates {
        if let Some(edits) = distance(text, name, most) {
            best = Some(value);
            // Only a better one may still replace it.
            most = match edits.checked_sub(1) {
                Some(less) => less,
                None => break,
            };
        }
    }
    best
}

/// See [`Catalogue::nearest_service`].
pub(super) fn service<'c>(catalogue: &'c Catalogue, prefix: &str) -> Option<Service<'c>> {
    let found = nearest(prefix, catalogue.services().map(|service| (service.prefix(), service)));
    // A prefix without its hyphens is a usual slip, and farther away than a misspelling.
    let bare = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    let wanted = bare(prefix);
    let alike = |service: &Service| bare(service.prefix()).eq_ignore_ascii_case(&wanted);
    found.or_else(|| catalogue.services().find(alike)).or_else(|| {
        let rows = &catalogue.tables().operations;
        catalogue.service(rows.get(rows.find_row(prefix)?).split_once('\t')?.1)
    })
}

/// See [`Catalogue::nearest_action`].
pub(super) fn action<'c>(catalogue: &'c Catalogue, full: &str) -> Option<Action<'c>> {
    let (prefix, name) = full.split_once(':')?;
    if let Some(action) = operation(catalogue, full) {
        return Some(action);
    }
    let service = catalogue.service(prefix).or_else(|| service(catalogue, prefix));
    if let Some(service) = service {
        if let Some(action) = service.action(name) {
            return Some(action);
        }
        if let Some(action) = nearest(name, service.actions().map(|action| (action.name(), action))) {
            return Some(action);
        }
    }
    // The same name in one other service only: `iam:AssumeRole`, `kms:GetSecretValue`.
    let mut others = catalogue.services().filter_map(|service| service.action(name));
    others.next().filter(|_| others.next().is_none())
}

/// The permission that an API operation of another name needs: `s3:ListObjects` needs `s3:ListBucket`.
fn operation<'c>(catalogue: &'c Catalogue, full: &str) -> Option<Action<'c>> {
    let rows = &catalogue.tables().operations;
    let (_, action) = rows.get(rows.find_row(full)?).split_once('\t')?;
    catalogue.action(action)
}

/// See [`Catalogue::nearest_key`].
pub(super) fn key(catalogue: &Catalogue, written: &str) -> Option<String> {
    let keys = &catalogue.keys().names;
    let global = catalogue.global_keys().map(|key| key.name);
    let listed = (0..keys.len()).map(|index| keys.get(index)).filter(|name| !name.starts_with("aws:"));
    // A template is compared up to its variable, and what the policy has there is kept.
    let (front, variable) = match written.find('/') {
        Some(at) => written.split_at(at + 1),
        None => (written, ""),
    };
    let fits = |name: &&str| match name.split_once("${") {
        Some((start, rest)) => !variable.is_empty() && start.ends_with('/') && rest.ends_with('}'),
        None => variable.is_empty(),
    };
    let candidates = global.chain(listed).filter(fits);
    let found = nearest(front, candidates.map(|name| (name.split("${").next().unwrap_or(name), name)));
    if let Some(name) = found {
        return Some(format!("{}{variable}", name.split("${").next().unwrap_or(name)));
    }
    // The right name under the wrong prefix: `aws:PassedToService`, `SourceIp`.
    let name = written.rsplit(':').next().unwrap_or(written);
    let own = |key: &&str| key.split_once(':').is_some_and(|(_, own)| own.eq_ignore_ascii_case(name));
    let global = catalogue.global_keys().map(|key| key.name).find(own);
    let mut others = (0..keys.len()).map(|index| keys.get(index)).filter(own);
    global.or_else(|| others.next().filter(|_| others.next().is_none())).map(str::to_string)
}

/// See [`Catalogue::nearest_service_principal`].
pub(super) fn principal<'c>(catalogue: &'c Catalogue, name: &str) -> Option<&'c str> {
    let stem = |name: &'c str| name.strip_suffix(".amazonaws.com").unwrap_or(name);
    let wanted = name.split(".amazon").next().unwrap_or(name);
    nearest(wanted, catalogue.service_principals().map(|known| (stem(known), known)))
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn counts_edits() {
        for (a, b, edits) in
            [("GetObject", "getobject", 0), ("GetObjct", "GetObject", 1), ("GteObject", "GetObject", 1), ("a", "b", 1)]
        {
            assert_eq!(distance(a, b, 3), Some(edits), "{a} {b}");
            assert_eq!(distance(b, a, 3), Some(edits), "{b} {a}");
        }
        assert_eq!(distance("GetObject", "PutBucket", 3), None);
        assert_eq!(distance("ab", "abcdef", 3), None);
        assert_eq!(distance("abc", "abd", 0), None);
    }
}
