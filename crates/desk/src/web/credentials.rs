//! Names and passwords that do: what an account may be called, and what opens it.

use unicode_normalization::UnicodeNormalization as _;

/// Shortest and longest password, in characters and bytes. NIST SP 800-63B asks for length and
/// for no rules of composition.
const SHORTEST: usize = 12;
pub(crate) const LONGEST: usize = 1024;

/// One form of a password, however the keyboard composed its letters.
pub(crate) fn plain(password: &str) -> String {
    password.nfc().collect()
}

/// What two spellings of one name have in common.
pub(crate) fn folded(name: &str) -> String {
    name.trim().nfkc().flat_map(char::to_lowercase).collect()
}

/// A name that stands under corrections: letters of one script, digits, `.`, `_`, `-` and single
/// spaces; nothing that turns the reading order or looks like another name.
pub(crate) fn checked_name(name: &str) -> Result<String, String> {
    let name: String = name.trim().nfkc().collect();
    let bad = |why: &str| {
        Err(format!(
            "{name:?} is no name for an account: {why}\n  use letters of one script, digits, `.`, `_`, `-` and single spaces, at most 60 of them"
        ))
    };
    if name.is_empty() || name.chars().count() > 60 {
        return bad("it is empty or long");
    }
    if name.contains("  ")
        || !name
            .chars()
            .all(|c| c.is_alphanumeric() || " ._-".contains(c))
    {
        return bad("it has other signs in it");
    }
    if !name.chars().next().is_some_and(char::is_alphanumeric) {
        return bad("it does not begin with a letter or digit");
    }
    let mut scripts: Vec<u32> = name.chars().filter_map(script).collect();
    scripts.sort_unstable();
    scripts.dedup();
    if scripts.len() > 1 {
        return bad("it mixes scripts");
    }
    Ok(name)
}

/// A number for the script of a letter: the start of its range. Only the scripts whose letters
/// look like each other's must be told apart; all others are one.
fn script(c: char) -> Option<u32> {
    if !c.is_alphabetic() {
        return None;
    }
    Some(match u32::from(c) {
        0x41..=0x24F | 0x1E00..=0x1EFF => 0x41,
        0x370..=0x3FF | 0x1F00..=0x1FFF => 0x370,
        0x400..=0x52F => 0x400,
        0x530..=0x58F => 0x530,
        0x590..=0x5FF => 0x590,
        0x600..=0x77F | 0x8A0..=0x8FF | 0xFB50..=0xFEFF => 0x600,
        0x13A0..=0x13FF => 0x13A0,
        _ => 0xFFFF,
    })
}

pub(crate) fn check_password(name: &str, password: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(format!(
            "the password is too short\n  use at least {SHORTEST} characters; a few words in a row are easy to keep"
        ));
    }
    if password.len() > LONGEST {
        return Err(format!("the password is longer than {LONGEST} bytes"));
    }
    let mut kinds: Vec<char> = password.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 5 || folded(password).contains(&folded(name)) && length < 2 * SHORTEST {
        return Err("the password is easy to guess\n  a few words in a row that have nothing to do with the name are better".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_deceive_are_refused() {
        for good in ["Ana Silva", "ana.silva", "محمد علي", "Анна"] {
            assert!(checked_name(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a\u{202e}nna",
            "Аna",
            "a  b",
            "<b>",
            "a\nb",
            "ana\u{200b}",
            "-x",
        ] {
            assert!(checked_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn weak_passwords_are_refused() {
        for bad in ["short", "aaaaaaaaaaaaaaaa", "ana silva 2024"] {
            assert!(check_password("Ana Silva", bad).is_err(), "{bad}");
        }
        assert!(check_password("Ana Silva", "seven quiet rivers").is_ok());
        assert!(check_password("Ana Silva", &"abcdefg".repeat(200)).is_err());
    }
}
