//! Whether a rule of ours speaks of the same provider as a rule of a peer. Not exact: names are compared word by word,
//! and a short table says where the two sides call the same thing differently.

use std::collections::BTreeSet;

/// What peers call (first words, joined) and how our ids begin (joined).
const ALIASES: &[(&str, &[&str])] = &[
    ("adafruit", &["adafruitio"]),
    ("alibaba", &["alibabacloud"]),
    ("auth", &["authorization"]),
    ("brevo", &["sendinblue"]),
    ("connectionstring", &["ado", "jdbc", "dotnet"]),
    ("credentials", &["authorization", "uri", "generic"]),
    ("curl", &["authorization"]),
    ("daily", &["dailyco"]),
    ("db2", &["ado", "database", "jdbc", "uri"]),
    ("dbconn", &["database"]),
    ("dotnet", &["ado"]),
    ("drone", &["droneci"]),
    ("fixer", &["fixerio"]),
    ("gcnotify", &["canadian"]),
    ("gcp", &["google"]),
    ("google", &["gcp"]),
    ("gpp", &["windows"]),
    ("hashicorp", &["terraform", "vault", "hcp", "consul", "nomad"]),
    ("hunter", &["hunterio"]),
    ("jwt", &["jsonweb"]),
    ("mailjetsms", &["mailjet"]),
    ("microsoftteams", &["msteams"]),
    ("mssql", &["ado", "windows", "sql"]),
    ("mysql", &["uri", "sql"]),
    ("nvapi", &["nvidia"]),
    ("odbc", &["ado"]),
    ("pem", &["privatekey"]),
    ("plaintext", &["generic", "netrc", "uri"]),
    ("privkey", &["privatekey"]),
    ("rabbitmq", &["amqp"]),
    ("rdp", &["windows"]),
    ("smb", &["windows", "uri"]),
    ("sqlddl", &["sql"]),
    ("squareup", &["square"]),
    ("unattend", &["windows"]),
    ("uri", &["authorization"]),
    ("viewstate", &["dotnet"]),
    ("wandb", &["weightsandbiases"]),
    ("weakpassword", &["generic"]),
    ("weightsandbiases", &["wandb"]),
    ("wincmd", &["windows", "commandline"]),
];

/// The heads of ids: the words, joined one after another. `azure-sas-token` has `azure`, `azuresas`, `azuresastoken`.
pub(crate) struct Provider(BTreeSet<String>);

impl Provider {
    /// The provider of a peer's rule: `kingfisher.airtable.1`, `np.mapbox.1`, `airtable-api-key`.
    pub(crate) fn of_peer(rule: &str) -> Provider {
        let name = rule.strip_prefix("kingfisher.").or_else(|| rule.strip_prefix("np.")).unwrap_or(rule);
        let number = |word: &str| word.strip_prefix('v').unwrap_or(word).bytes().all(|b| b.is_ascii_digit());
        let mut heads = heads(name.split(['.', '-', '_']).filter(|word| !number(word)));
        for (theirs, ours) in ALIASES {
            if heads.contains(*theirs) {
                heads.extend(ours.iter().map(|head| head.to_string()));
            }
        }
        Provider(heads)
    }

    /// Whether our rule `id` is of this provider.
    pub(crate) fn has(&self, id: &str) -> bool {
        heads(id.split('-')).iter().any(|head| self.0.contains(head))
    }
}

fn heads<'a>(words: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut whole = String::new();
    words
        .map(|word| {
            whole.push_str(word);
            whole.clone()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, own: &str, want: bool) {
        assert_eq!(Provider::of_peer(peer).has(own), want, "{peer} and {own}");
    }

    #[test]
    fn names_meet() {
        check("kingfisher.airtable.1", "airtable-api-key", true);
        check("new-relic-user-api-key", "newrelic-user-api-key", true);
        check("np.twitter.v2.1", "twitter-bearer-token", true);
        check("kingfisher.line.1", "linear-api-key", false);
        check("kingfisher.privkey.2", "private-key-pem", true);
        check("airtable-api-key", "generic-secret", false);
        check("generic-api-key", "generic-secret", true);
    }
}
