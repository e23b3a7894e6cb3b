//! The rules whose keywords are not in their files: words that make a name worth a look, in any case.
//! Not here: what a name promises by all its words (`claim.rs`).

/// What names of something that a person chose hold.
const PASSWORD: &[&str] = &[
    "passw",
    "passphrase",
    "pass_phrase",
    "passcode",
    "pwd",
    "pswd",
    "_pass",
    "pass:",
    "pass=",
    "pass =",
    "pass\"",
    "pass'",
    "_pw:",
    "_pw=",
    "_pw\"",
    "pass[",
    "requirepass",
    "rootpw",
    "bindpw",
    "_psk:",
    "_psk=",
    "psk=",
    "contrasena",
    "heslo",
    "kennwort",
    "motdepasse",
    "senha",
];
/// What names of something that a machine issued hold.
const TOKEN: &[&str] = &["secret", "token", "key", "credential", "creds", "auth"];

/// The rules whose logic is `generic.rs`, and their keywords: their files hold metadata only.
pub(crate) const GENERIC: [(&str, &[&str]); 2] = [(GENERIC_PASSWORD, PASSWORD), (GENERIC_SECRET, TOKEN)];

/// The rule of values whose name promises a password.
pub(crate) const GENERIC_PASSWORD: &str = "generic-password";
/// The rule of values whose name promises a token.
pub(crate) const GENERIC_SECRET: &str = "generic-secret";
