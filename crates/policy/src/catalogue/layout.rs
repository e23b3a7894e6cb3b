//! What the packer and the reader must agree on.
//! Not here: reading (`pack`, `names`, `relations`, `tables`) and writing (xtask).
//!
//! ```text
//! file     MAGIC, date (10 bytes), for each group the packed and the unpacked size, then the groups, each deflated
//! group    count of streams, the size of each, the streams
//! number   seven bits a byte, the lowest first
//! lines    texts that end with a line feed
//! rows     lines with tabs between the columns, sorted by the first
//! lists    two streams. Places: for each action 0 for a new list, else its place (from 1) among the lists that its service
//!          used, the latest first; each service begins with the empty list. Lists: the length and the items of each.
//!
//! nouns    the words that the noun does not have from the one before it, then `WORDS` or less: how many the next one keeps
//!
//! names       0 lines prefixes, 1 lines titles, 2 lines slugs (empty: `default_slug`), 3 a byte each: RCP,
//!             4 lines verbs, 5 a byte each: usual access level, 6 lines words, 7 numbers: nouns of each service,
//!             8 nouns of each service, 9 verbs of each noun, 10 a byte for each action: access level less the usual, mod 5
//! resources   0 numbers: types of each service, 1 lines names, 2 lines ARNs (`@`: `usual_arn_start`, and `unpacked`),
//!             3 and 4 lists: number within the service, doubled, plus 1 where optional
//! keys        0 lines names (`:` at the start: the prefix of the one before), 1 a byte each: type, 2 for each service the count and the differences of its keys' numbers,
//!             3 and 4 lists: number within the service's, 5 for each resource type the count and the numbers
//! dependents  0 differences of the needed actions' ordinals, 1 and 2 lists: number of the needed action
//! tables      rows: 0 global keys, 1 principals, 2 retired, 3 undocumented, 4 regions, 5 partitions, 6 providers, 7 operations
//! ```

/// What a packed file begins with; the digit is the version of the layout.
pub const MAGIC: &[u8; 8] = b"KLCATAL2";

/// How many groups a file has: names, resources, keys, dependents, tables.
pub const GROUPS: usize = 5;

/// Word bytes below are a word by themselves; those from here on are the first of two.
pub const LONG_WORD: u8 = 191;

/// The first byte that is a word; those below end a noun, and say how many of its words the next one begins with.
pub const WORDS: u8 = 9;

/// The verb byte that is followed by a second one.
pub const LONG_VERB: u8 = 250;

/// Ends the verbs of a noun.
pub const VERBS_END: u8 = 255;

/// The packed form of AWS's type names, such as `ArrayOfString`: the number of the type, and the eighth bit for arrays.
pub fn kind_byte(name: &str) -> Option<u8> {
    let (single, many) = match name.strip_prefix("ArrayOf") {
        Some(rest) => (rest, 0x80),
        None => (name, 0),
    };
    let names = ["String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary"];
    let index = names.iter().position(|&known| known == single)?;
    u8::try_from(index).ok().map(|index| index | many)
}

/// The slug that AWS derives from most titles.
pub fn default_slug(title: &str) -> String {
    let mut slug = String::from("list_");
    for letter in title.chars().filter(|letter| !letter.is_whitespace()) {
        slug.push(if letter == '@' { '_' } else { letter.to_ascii_lowercase() });
    }
    slug
}

/// What most ARN formats of a service begin with; packed as `@`.
pub fn usual_arn_start(prefix: &str) -> String {
    format!("arn:${{Partition}}:{prefix}:${{Region}}:${{Account}}:")
}

/// Characters of a packed ARN that stand for more, in the order in which they are put in.
pub const ARN_MARKS: [char; 4] = ['\u{1}', '\u{2}', '\u{3}', '\u{4}'];

/// Adds what a character of a packed ARN stands for: the begin of a variable, the name of the resource type, or this name
/// in another spelling, `TestCase` for `test-case` and the other way about.
pub fn unpacked(letter: char, name: &str, out: &mut String) {
    let [variable, itself, capitals, dashes] = ARN_MARKS;
    let mut before = '-';
    let letters = name.chars().map(|letter| (std::mem::replace(&mut before, letter), letter));
    match letter {
        _ if letter == variable => out.push_str("${"),
        _ if letter == itself => out.push_str(name),
        _ if letter == capitals => {
            for (before, letter) in letters.filter(|(_, letter)| !matches!(letter, '-' | '_')) {
                let first = matches!(before, '-' | '_');
                out.push(if first { letter.to_ascii_uppercase() } else { letter });
            }
        }
        _ if letter == dashes => {
            for (before, letter) in letters {
                let boundary = letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
                out.extend(boundary.then_some('-'));
                out.push(letter.to_ascii_lowercase());
            }
        }
        _ => out.push(letter),
    }
}
