//! What a host allows to be fetched: the Robots Exclusion Protocol, RFC 9309.

use std::time::Duration;

/// The rules of one host for our user agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Robots {
    /// Pattern and whether it allows.
    rules: Vec<(String, bool)>,
    /// Pause that the host asks for between two requests.
    pub(crate) delay: Option<Duration>,
}

/// Longest pause that is honoured as asked; a longer wish is cut to it.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

impl Robots {
    /// A host that has no rules: everything is allowed.
    pub(crate) fn everything() -> Self {
        Self::default()
    }

    /// A host whose rules cannot be read: nothing is allowed (RFC 9309, 2.3.1.4).
    pub(crate) fn nothing() -> Self {
        Self {
            rules: vec![("/".into(), false)],
            delay: None,
        }
    }

    /// Reads a rules file for the product token `agent`. Groups that name it win over `*`;
    /// several groups that fit are one (2.2.1).
    pub(crate) fn parse(text: &str, agent: &str) -> Self {
        let mut named = Self::default();
        let mut general = Self::default();
        let mut found = false;
        let (mut for_us, mut for_all, mut in_rules) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or("");
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if in_rules {
                    (for_us, for_all, in_rules) = (false, false, false);
                }
                for_all |= value == "*";
                for_us |= token(value).eq_ignore_ascii_case(agent);
                found |= for_us;
                continue;
            }
            in_rules |= matches!(key.as_str(), "allow" | "disallow" | "crawl-delay");
            for (group, on) in [(&mut named, for_us), (&mut general, for_all)] {
                if on {
                    group.add(&key, value);
                }
            }
        }
        if found { named } else { general }
    }

    fn add(&mut self, key: &str, value: &str) {
        match key {
            "allow" | "disallow" if !value.is_empty() => {
                self.rules.push((value.to_owned(), key == "allow"));
            }
            "crawl-delay" => {
                if let Some(seconds) = value
                    .parse::<f64>()
                    .ok()
                    .filter(|s| s.is_finite() && *s >= 0.0)
                {
                    self.delay = Some(Duration::from_secs_f64(
                        seconds.min(LONGEST_DELAY.as_secs_f64()),
                    ));
                }
            }
            _ => {}
        }
    }

    /// Whether `path` (with query) may be fetched: the longest pattern decides, allow wins a tie.
    pub(crate) fn allow(&self, path: &str) -> bool {
        path == "/robots.txt"
            || self
                .rules
                .iter()
                .filter(|(pattern, _)| matches(pattern, path))
                .max_by_key(|(pattern, allow)| (pattern.len(), *allow))
                .is_none_or(|(_, allow)| *allow)
    }
}

/// The product token at the head of a user-agent value.
fn token(value: &str) -> &str {
    let end = value
        .find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_'))
        .unwrap_or(value.len());
    &value[..end]
}

/// `*` stands for any run, a closing `$` for the end. Greedy matching of the pieces from the left
/// is exact for such patterns and never goes back more than one piece.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or("");
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return !to_end || rest.is_empty();
    };
    for piece in middle {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    if to_end {
        rest.ends_with(last)
    } else {
        rest.contains(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "\
# comment
User-agent: otherbot
Disallow: /

User-agent: *
Disallow: /private/
Allow: /private/press$
Disallow: /*.pdf$
Disallow: /search?*q=
Crawl-delay: 2.5
";

    #[test]
    fn the_longest_pattern_decides() {
        let robots = Robots::parse(RULES, "rapporteur");
        assert!(robots.allow("/news/a.html"));
        assert!(!robots.allow("/private/x"));
        assert!(robots.allow("/private/press"));
        assert!(!robots.allow("/private/press/x"));
        assert!(!robots.allow("/files/a.pdf"));
        assert!(robots.allow("/files/a.pdf?v=1"));
        assert!(!robots.allow("/search?lang=en&q=talks"));
        assert_eq!(robots.delay, Some(Duration::from_millis(2500)));
    }

    #[test]
    fn a_group_that_names_us_is_the_only_one_read() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Rapporteur/1.0\nUser-agent: x\nDisallow: /a\n";
        let robots = Robots::parse(text, "rapporteur");
        assert!(robots.allow("/b") && !robots.allow("/a"));
        assert!(!Robots::parse(text, "somebody").allow("/b"));
    }

    #[test]
    fn no_rules_and_unreadable_rules_differ() {
        assert!(Robots::parse("<html>not found</html>", "rapporteur").allow("/x"));
        assert!(Robots::parse("User-agent: *\nDisallow:\n", "rapporteur").allow("/x"));
        assert!(!Robots::nothing().allow("/x"));
        assert!(Robots::everything().allow("/x"));
    }
}
