//! Who may ask for what: one table, the only place that says so.
//!
//! A new form or a new write of the API gets a line here; without one it is for admins alone.

use axum::http::Method;
use rapporteur_record::{Filter, Item, Store};

use super::accounts::Role;
use super::limits::Cost;
use super::{Failure, Form, Shared};

/// What an address asks of its visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: it is there before anybody signed in.
    Nothing,
    /// At least this role.
    Role(Role),
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Whether it changes something: POST, not GET or HEAD.
    pub(crate) changes: bool,
    /// The address: `*` stands for one part, a last `**` for any rest.
    pub(crate) path: &'static str,
    /// What it needs.
    pub(crate) need: Need,
    /// What it costs.
    pub(crate) cost: Cost,
    /// What a form of a graver kind needs instead.
    pub(crate) grave: Option<(Grave, Role)>,
}

/// Changes that need more than others sent to the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grave {
    /// A correction that suppresses a document: every row of it goes with it.
    SuppressesDocument,
    /// An undo of such a correction.
    UndoesSuppression,
}

const fn look(path: &'static str, need: Need, cost: Cost) -> Rule {
    Rule {
        changes: false,
        path,
        need,
        cost,
        grave: None,
    }
}

const fn change(path: &'static str, role: Role, cost: Cost) -> Rule {
    Rule {
        changes: true,
        path,
        need: Need::Role(role),
        cost,
        grave: None,
    }
}

const READER: Need = Need::Role(Role::Reader);
const ADMIN: Need = Need::Role(Role::Admin);

/// The first line that fits decides. What no line names is for admins if it changes something,
/// and for every account if it does not.
pub(crate) const TABLE: &[Rule] = &[
    look("/assets/**", Need::Nothing, Cost::Plain),
    look("/login", Need::Nothing, Cost::Plain),
    look("/admin/**", ADMIN, Cost::Plain),
    look("/search", READER, Cost::Search),
    look("/api/v1/search", READER, Cost::Search),
    look("/export/*/*", READER, Cost::Heavy),
    look("/**", READER, Cost::Plain),
    Rule {
        need: Need::Nothing,
        ..change("/login", Role::Reader, Cost::SignIn)
    },
    change("/logout", Role::Reader, Cost::Plain),
    change("/account/password", Role::Reader, Cost::SignIn),
    change("/account/token", Role::Reader, Cost::Plain),
    change("/account/revoke", Role::Reader, Cost::Plain),
    change("/account/sessions", Role::Reader, Cost::Plain),
    Rule {
        grave: Some((Grave::SuppressesDocument, Role::Admin)),
        ..change("/correct", Role::Analyst, Cost::Plain)
    },
    Rule {
        grave: Some((Grave::UndoesSuppression, Role::Admin)),
        ..change("/undo", Role::Analyst, Cost::Plain)
    },
    change("/inbox", Role::Analyst, Cost::Upload),
    // Briefs and their sentences; events joined and parted; actors and places added.
    change("/b/**", Role::Analyst, Cost::Plain),
    change("/arrange", Role::Analyst, Cost::Plain),
    change("/names", Role::Analyst, Cost::Plain),
    change("/saved", Role::Analyst, Cost::Plain),
    change("/watch", Role::Analyst, Cost::Plain),
    change("/admin/check", Role::Admin, Cost::Heavy),
    change("/admin/accounts/**", Role::Admin, Cost::Heavy),
    change("/**", Role::Admin, Cost::Plain),
];

/// The line for a request. Every request has one.
pub(crate) fn rule(method: &Method, path: &str) -> &'static Rule {
    let changes = !matches!(*method, Method::GET | Method::HEAD);
    let found = TABLE
        .iter()
        .find(|rule| rule.changes == changes && fits(rule.path, path));
    found.expect("invariant: the last line of each kind fits every address")
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    let mut pattern = pattern.trim_matches('/').split('/');
    loop {
        match (pattern.next(), parts.next()) {
            (Some("**"), _) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(known), Some(part)) if known == part => {}
            _ => return false,
        }
    }
}

impl Rule {
    /// The role that a form needs, which may be more than its address does.
    pub(crate) fn role_for(&self, shared: &Shared, form: &Form) -> Result<Need, Failure> {
        match self.grave {
            Some((grave, role)) if grave.is(shared, form)? => Ok(Need::Role(role)),
            _ => Ok(self.need),
        }
    }
}

impl Grave {
    fn is(self, shared: &Shared, form: &Form) -> Result<bool, Failure> {
        match self {
            Self::SuppressesDocument => {
                if form.get("field") != Some("suppressed") {
                    return Ok(false);
                }
                let loaded = shared.view(&Filter::default())?;
                let id = form.get("id").unwrap_or_default();
                Ok(matches!(loaded.view.find(id), Ok(Item::Doc(_))))
            }
            Self::UndoesSuppression => {
                let all = shared.desk()?.corrections()?;
                let mut seq = form.get("seq").and_then(|n| n.parse::<u64>().ok());
                // An undo may take back an undo, and so on down to a correction.
                while let Some(line) = seq.and_then(|n| all.iter().find(|c| c.seq == n)) {
                    if line.body.kind != "undo" {
                        return Ok(line.body.kind == "document" && line.body.field == "suppressed");
                    }
                    let next = line.body.key.parse::<u64>().ok();
                    // The log is older towards smaller numbers: this ends.
                    seq = next.filter(|next| *next < line.seq);
                }
                Ok(false)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_parts() {
        assert!(fits("/admin/**", "/admin"));
        assert!(fits("/admin/**", "/admin/audit"));
        assert!(!fits("/admin/**", "/administrator"));
        assert!(fits("/export/*/*", "/export/csv/events.csv"));
        assert!(!fits("/export/*/*", "/export"));
        assert!(fits("/**", "/"));
        assert!(!fits("/login", "/login/x"));
    }

    #[test]
    fn what_no_line_names_is_closed_to_all_but_admins() {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            assert_eq!(rule(&method, "/anything/new").need, ADMIN, "{method}");
        }
        assert_eq!(rule(&Method::GET, "/anything/new").need, READER);
        assert_eq!(rule(&Method::HEAD, "/admin").need, ADMIN);
    }

    /// A form that is answered somewhere has a line of its own: nobody forgets to decide.
    #[test]
    fn every_form_that_is_answered_has_its_own_line() {
        let source = include_str!("pages/mod.rs");
        let from = source.find("match ask.path.as_str() {").expect("the forms");
        let forms: Vec<&str> = source[from..]
            .lines()
            .take_while(|line| !line.contains("nothing is sent to"))
            .flat_map(|line| line.split('"').skip(1).step_by(2))
            .filter(|text| text.starts_with('/'))
            .collect();
        assert!(forms.len() >= 3, "{forms:?}");
        for path in forms {
            let found = rule(&Method::POST, path);
            assert_ne!(
                found.path, "/**",
                "POST {path} has no line in the table of roles"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn every_address_has_a_line_and_what_changes_is_never_open(path in "(/[a-z.*%]{0,6}){0,5}/?") {
            for method in [Method::GET, Method::POST] {
                let found = rule(&method, &path);
                proptest::prop_assert_eq!(found.changes, method == Method::POST);
                let is_login = path.trim_matches('/') == "login";
                proptest::prop_assert!(!found.changes || is_login || found.need != Need::Nothing);
            }
        }
    }
}
