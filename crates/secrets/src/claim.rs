//! What a name promises of its value, word by word: `dbPassword`, `API_TOKEN`, `password_reset_url`.
//! Not here: the value itself (`generic.rs`), or names of providers (`named.rs`).

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Chosen by a person: may be short, may hold words.
    Password,
    /// Issued by a machine: long and random.
    Token,
}

/// How plainly a name speaks of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clarity {
    /// A secret word beside others that may change its meaning: `key`, `auth`, `tokenFoo`.
    Vague,
    /// The secret itself: `DB_PASSWORD`, `client_secret`, `apiKey`.
    Clear,
}

/// A name's promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) promise: Promise,
    pub(crate) clarity: Clarity,
    /// Whether the name holds more than the secret word: whose it is, or what it opens.
    pub(crate) specific: bool,
}

// Each list holds words with a space between them.

/// Words for something that a person chose.
const PASSWORD: &str = "\
    password passwd passwort passphrase passcode pwd pass pswd psw passw pw psk contrasena motdepasse heslo \
    kennwort senha dbpass userpass sshpass keypass storepass keystorepass truststorepass rootpass adminpass loginpass \
    mailpass smtppass ftppass requirepass masterauth rootpw bindpw adminpw userpw dbpw";
/// Words for something that a machine issued.
const TOKEN: &str = "token secret apikey credential cred bearer jwt authtoken secretkey accesskey privatekey \
    appkey authkey masterkey";
/// Endings that make a word of its own out of a run of lower case: `rootpwd`, `authtoken`, `mysecret`.
const GLUED: &str = "\
    password passwd passphrase pwd secret token apikey accesskey secretkey privatekey authkey appkey";
/// Words after the secret word that leave its meaning.
const NEUTRAL: &str = "\
    value val string str default prod production dev development test testing staging stage local live raw plain \
    plaintext cleartext clear base b hex encoded old new current confirm confirmation confirmed repeat again \
    verify one two digits data text for of the user admin root db database env s a c primary secondary backup \
    main master slave real actual valid invalid expected wrong bad good correct incorrect var const literal \
    content contents bytes key secret token password passwd pass pwd iv seed api access refresh auth bearer \
    credential cred apikey jwt app client server service account v x y z t long short first second other another";
/// Words after the secret word that make the whole name speak of something about the secret.
const ABOUT: &str = "\
    id ids name names file files filename path paths dir folder url urls uri link endpoint host type types kind \
    length len size sizes count min max limit format regex regexp pattern label hint placeholder error errors \
    err message msg class algorithm algo alg field fields title description desc prefix suffix header headers \
    expiry expires expire expired expiration ttl lifetime arn hash hashed hashes digest sha md checksum \
    fingerprint policy policies rule rules strength reset at by page form input box button icon view column col \
    table index idx store ring map board word words code codes down up press event events handler manager \
    provider factory generator encoder decoder validator parser reader writer filter request response status \
    state enabled disabled required exists version scope scopes usage bucket encryption within method mode \
    source ref rotation location issuer realm attribute attr property prop param params parameter arg args \
    variable pair identifier slot bits charset chars template uuid guid nonce signature username login email \
    domain warning warnings prefs preferences region port timeout interval options option opt opts set list command cmd script audience aud exp iat \
    cost salt rounds iterations store changed change forgot matching tooltip advice info test spec plugin module \
    package commit revision rev time date timestamp day days number num no sid domains schema driver backend stdin masked \
    redacted blank blanking";
/// Words before the secret word that take the secrecy away, whatever it is: part of a screen or a form, published.
const OPEN: &str = "\
    public pub publishable object translation i message dict lookup hash hashed no not non max min num count total \
    next page forgot change show hide enter missing label title mandatory error err shortcut accelerator \
    keyboard recv property attribute attr field column header param event modifier arrow prop option defaults prefs \
    preferences";
/// Words that do so before `token` and `key`: a place in a list, a mark. The password of a cache is one all the same.
const OPEN_TOKEN: &str = "\
    csrf xsrf foreign cache sort partition row hot composite unique index idempotency candidate natural continuation cursor \
    pagination sync anonymous dkim challenge feature metric annotation tag kms map json claim claims verification setting";
/// Words that do so before `key` only: what a database or a signature calls by it. A registry's token is none of these.
const OPEN_KEY: &str = "variable group registry site order primary identity config ssh gpg pgp";
/// Words before `pass` that make it a step of a compiler or a renderer, an outcome, where a server passes requests on to.
const STEPS: &str = "\
    function machine loop module region render shader compiler codegen analysis optimization xdp on fastcgi \
    uwsgi scgi grpc memcached";
/// Words before `key` that make it a name for something else: `forKey:`, `reset_from_key`.
const BY_KEY: &str = "for from by per each";
/// Words that make a name one of a text on a screen.
const INTERFACE: &str = "\
    label title mandatory error err show hide forgot tooltip missing hint prompt msg message status";

/// Words before `key` that make it a secret.
const KEYS: &str = "\
    api access secret private auth app application consumer client service master encryption encrypt decryption \
    signing sign crypto cipher aes des hmac jwt account license licence subscription admin validation shared \
    session webhook deploy server storage root rsa ec ecdsa dsa tls ssl security developer dev oauth user write \
    cookie wallet seed pre psk token password bot host";

/// What `name` promises, if it speaks of a secret at all.
pub(crate) fn of(name: &[u8]) -> Option<Claim> {
    let words = words(name);
    // The last secret word decides: `password_token` is a token, `token_password` a password.
    let (at, promise, key) = words.iter().enumerate().rev().find_map(|(at, word)| {
        let (promise, key) = secret_word(word)?;
        Some((at, promise, key))
    })?;
    let before = &words[..at];
    let after = &words[at + 1..];
    let digits = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    let marks = key || matches!(words[at].as_slice(), b"token" | b"tokens");
    let opened = |word: &Vec<u8>| among(OPEN, word) || marks && among(OPEN_TOKEN, word) || key && among(OPEN_KEY, word);
    // `forKey:` tells under which name something is kept, `tokenData` what a parser makes tokens with.
    if key && before.last().is_some_and(|word| among(BY_KEY, word))
        || promise == Promise::Token && words[at] == b"token" && after.first().is_some_and(|word| word == b"data")
        || before.last().is_some_and(opened)
        // `AUTH0_CLIENT` speaks of the provider.
        || words[at] == b"auth" && after.first().is_some_and(|word| word == b"0")
        // The name of a cipher goes on after its `PSK`.
        || words[at] == b"psk" && !after.is_empty()
        || words[at] == b"pass" && before.last().is_some_and(|word| among(STEPS, word))
        || before.iter().any(|word| among(INTERFACE, word))
        || promise == Promise::Token && before.iter().any(opened)
        || after.iter().any(|word| among(ABOUT, word) && !among(NEUTRAL, word))
    {
        return None;
    }
    let data = || after.iter().any(|word| among("data bytes blob", word));
    let specific = before.iter().any(|word| word.len() > 1);
    let told = !key || data() || before.iter().any(|word| among(KEYS, word) || secret_word(word).is_some());
    let plain = after.iter().all(|word| among(NEUTRAL, word) || digits(word) || word.len() == 1);
    // `pass` and `pwd` alone are other things too: the passes of a compiler, the working directory.
    let short = words[at].len() <= 4 && promise == Promise::Password && !specific && after.is_empty();
    let clarity = if told && plain && !short { Clarity::Clear } else { Clarity::Vague };
    Some(Claim { promise, clarity, specific })
}

/// Whether `word`, of letters or digits, is in a list. A document has a name a line, so each look counts.
fn among(list: &str, word: &[u8]) -> bool {
    let list = list.as_bytes();
    let Some((&first, rest)) = word.split_first() else { return false };
    memchr::memchr_iter(first, list).any(|at| {
        let starts = at == 0 || list[at - 1] == b' ';
        let behind = &list[at + 1..];
        starts && behind.starts_with(rest) && behind.get(rest.len()).is_none_or(|&byte| byte == b' ')
    })
}

/// The promise of a word, and whether it needs another word to be one (`key`, `auth`).
fn secret_word(word: &[u8]) -> Option<(Promise, bool)> {
    let singular = word.strip_suffix(b"s").filter(|rest| rest.len() > 2 && rest.last() != Some(&b's')).unwrap_or(word);
    let is = |list: &str| among(list, word) || singular.len() < word.len() && among(list, singular);
    if is(PASSWORD) {
        return Some((Promise::Password, false));
    }
    if is(TOKEN) {
        return Some((Promise::Token, false));
    }
    if matches!(singular, b"key" | b"auth" | b"oauth" | b"authorization" | b"authentication") {
        return Some((Promise::Token, true));
    }
    let glued = GLUED.split(' ').find(|end| singular.len() > end.len() && singular.ends_with(end.as_bytes()))?;
    if matches!(&singular[..singular.len() - glued.len()], b"no" | b"not" | b"non") {
        return None;
    }
    let chosen = glued.starts_with("pass") || glued == "pwd";
    Some((if chosen { Promise::Password } else { Promise::Token }, false))
}

/// The words of a name in lower case: `camelCase`, `snake_case`, `kebab-case`, `HTTPToken2`.
fn words(name: &[u8]) -> Vec<Vec<u8>> {
    let class = |b: u8| match b {
        b'0'..=b'9' => 1,
        b'a'..=b'z' => 2,
        b'A'..=b'Z' => 3,
        _ => 0,
    };
    let mut out: Vec<Vec<u8>> = Vec::new();
    let mut last = 0;
    for (at, &byte) in name.iter().enumerate() {
        let here = class(byte);
        let next = name.get(at + 1).map_or(0, |&b| class(b));
        let joins = match (last, here) {
            (a, b) if a == b => !(b == 3 && next == 2 && name.get(at + 2).is_some_and(u8::is_ascii_lowercase)),
            (3, 2) => true,
            _ => false,
        };
        if here != 0 {
            match out.last_mut() {
                Some(word) if joins => word.push(byte.to_ascii_lowercase()),
                _ => out.push(vec![byte.to_ascii_lowercase()]),
            }
        }
        last = here;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_promise_by_their_words() {
        let check = |name: &str, want: Option<(Promise, Clarity)>| {
            assert_eq!(of(name.as_bytes()).map(|claim| (claim.promise, claim.clarity)), want, "{name}");
        };
        for name in [
            "password",
            "DB_PASSWORD",
            "mysqlRootPwd",
            "rootpwd",
            "old-password",
            "PASSWORD2",
            "userPass",
            "token_password",
            "ENV_PASS",
            "SSH_PASSWORD",
            "DOCKER_REGISTRY_PASSWORD",
            "GPG_PASSPHRASE",
            "cache.pass",
            "bindpw",
            "userpass",
        ] {
            check(name, Some((Promise::Password, Clarity::Clear)));
        }
        for name in [
            "apiKey",
            "API_KEY",
            "X-Api-Key",
            "client_secret",
            "authToken",
            "tokens",
            "accessKey",
            "SECRET_KEY_BASE",
            "password_token",
            "HTTPToken",
            "REGISTRY_TOKEN",
            "site_secret",
        ] {
            check(name, Some((Promise::Token, Clarity::Clear)));
        }
        for name in ["key", "auth", "sessionKeyFoo"] {
            check(name, Some((Promise::Token, Clarity::Vague)));
        }
        for name in [
            "public_key",
            "cacheKey",
            "tokenUrl",
            "password_hash",
            "secretName",
            "keyboard",
            "author",
            "monkey",
            "passwordLength",
            "api_key_id",
            "nonMatchingToken",
            "not_a_secret",
            "notpassword",
            "forKey",
            "kUserDefaultsKey",
            "KEY_FOR_PREFS_RTL",
            "tokenData",
            "primaryKey",
            "indexToken",
            "DUMMY_FUNCTION_PASS",
            "TLS_PSK_WITH_AES_128_CCM",
            "message.password",
            "on_pass",
            "fastcgi_pass",
            "each_key",
            "AUTH0_CLIENT",
            "DkimTokens",
            "password-stdin",
            "CLIENT_SECRET_REDACTED_VALUE",
        ] {
            check(name, None);
        }
    }
}
