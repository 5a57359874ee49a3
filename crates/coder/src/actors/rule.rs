//! Ids of the rules of the actor grammar, each with its plain reason.

/// Id and reason.
pub(super) type Rule = (&'static str, &'static str);

pub(super) const ADJECTIVE: Rule = (
    "actors/adjective",
    "a country's adjective before what it does or owns",
);
pub(super) const LOOSE: Rule = ("actors/affiliated", "tied to a country, not of it");
pub(super) const AGENT: Rule = ("actors/agent", "an agent noun");
pub(super) const AGENT_OF: Rule = ("actors/agent-of", "an agent noun with \"of\" and its owner");
pub(super) const COUNTRY_AGENT: Rule = (
    "actors/country-agent",
    "a country, body or leader with an agent noun",
);
pub(super) const LED: Rule = (
    "actors/led",
    "a coalition named after the country that leads it",
);
pub(super) const METONYM: Rule = ("actors/metonym", "a capital used for its government");
pub(super) const NAME: Rule = ("actors/name", "a person's name that no table knows");
pub(super) const NAMED: Rule = ("actors/named", "a name of the tables");
pub(super) const NATIONALS: Rule = ("actors/nationals", "people of a country");
pub(super) const PERSON: Rule = ("actors/person", "a person of the tables");
pub(super) const ROLE_NAME: Rule = ("actors/role-name", "an office and the name of its holder");
pub(super) const SHARED_AGENT: Rule = (
    "actors/shared-agent",
    "shares the noun of the country after it",
);
pub(super) const STATE: Rule = ("actors/state", "a state as a party");
