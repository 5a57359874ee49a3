use super::Facts;
use crate::article::{Article, TitleForm};
use crate::html::{Dom, Tag, decode_entities};
use crate::names::squash;

/// Gathers the forms of the title and chooses one.
pub(super) fn read(dom: &Dom<'_>, facts: &Facts<'_>, article: &mut Article) {
    let mut forms: Vec<TitleForm> = Vec::new();
    let mut add = |origin: &str, text: &str| {
        let text = tidy(text);
        if !text.is_empty() && text.len() < 500 && forms.len() < 24 {
            forms.push(TitleForm {
                origin: origin.to_owned(),
                text,
            });
        }
    };
    for id in dom.all() {
        match dom.tag(id) {
            Tag::H1 => add("h1", &dom.text_of(id, 600)),
            Tag::Title
                if dom.node(id).end > id + 1
                    && dom.ancestors(id).take(4).all(|a| dom.tag(a) != Tag::Svg) =>
            {
                add("title", &decode_entities(dom.raw_text(id + 1)))
            }
            _ => {}
        }
    }
    if let Some(t) = facts.get(&["og:title"]) {
        add("og:title", t);
    }
    if let Some(t) = facts.get(&["twitter:title"]) {
        add("twitter:title", t);
    }
    if let Some(t) = &facts.schema.headline {
        add("json-ld", t);
    }
    if let Some(t) = facts.get(&[
        "headline",
        "sailthru.title",
        "parsely-title",
        "dc.title",
        "title",
    ]) {
        add("meta", t);
    }
    article.title = choose(&forms, facts);
    article.title_forms = forms;
}

fn tidy(text: &str) -> String {
    // Tags inside a title are the writer's slip.
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for tag in [
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<em>",
        "</em>",
        "<strong>",
        "</strong>",
        "<br>",
        "<br/>",
        "<br />",
    ] {
        if text.contains(tag) {
            text = text.replace(tag, "");
        }
    }
    text
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Share of the words that two forms have in common.
fn overlap(a: &str, b: &str) -> f32 {
    let (a, b) = (words(a), words(b));
    let shared = a.iter().filter(|w| b.contains(w)).count();
    2.0 * shared as f32 / (a.len() + b.len()).max(1) as f32
}

/// The headline on the page where it agrees with what the page says elsewhere, else the stated one.
fn choose(forms: &[TitleForm], facts: &Facts<'_>) -> String {
    let site = facts.site.as_deref().map(squash).unwrap_or_default();
    let host = facts.host.as_deref().unwrap_or("");
    let is_site = |t: &str| {
        let s = squash(t);
        !s.is_empty() && (s == site || s == host)
    };
    let stated: Vec<&TitleForm> = forms.iter().filter(|f| f.origin != "h1").collect();
    let logo = |t: &str| stated.iter().any(|s| leads(t, &s.text));
    let agreement = |t: &str| {
        stated
            .iter()
            .map(|s| overlap(t, &s.text))
            .fold(0.0f32, f32::max)
    };
    let mut best: Option<(f32, &TitleForm)> = None;
    for form in forms
        .iter()
        .filter(|f| f.origin == "h1" && !is_site(&f.text) && !logo(&f.text))
    {
        let n = words(&form.text).len() as f32;
        let score =
            agreement(&form.text) * 2.0 + (n / 8.0).min(1.0) - if n > 40.0 { 2.0 } else { 0.0 };
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, form));
        }
    }
    if let Some((score, form)) = best {
        let form = &form.text;
        if let Some(bare) = without_kicker(form, &stated) {
            return bare.to_owned();
        }
        if let Some(newsroom) = newsroom_form(form, &stated, &site, host) {
            return newsroom.to_owned();
        }
        if score > 0.8 || stated.is_empty() {
            return form.clone();
        }
    }
    for origin in ["og:title", "json-ld", "twitter:title", "meta", "title"] {
        if let Some(form) = forms
            .iter()
            .find(|f| f.origin == origin && !is_site(&f.text))
        {
            return strip_site(&form.text, &site, host);
        }
    }
    best.map(|(_, f)| f.text.clone()).unwrap_or_default()
}

/// The headline without the kicker that was joined to it: its end is what the page states elsewhere.
/// A page whose own data state the whole form means the whole.
fn without_kicker<'f>(form: &str, stated: &[&'f TitleForm]) -> Option<&'f str> {
    let end = |s: &&&TitleForm| {
        let head = form.strip_suffix(s.text.as_str());
        words(&s.text).len() >= 4 && head.is_some_and(|h| h.ends_with([' ', ':', '|']))
    };
    let of = |origin: &str| stated.iter().find(|s| s.origin == origin);
    if let Some(data) = of("json-ld") {
        return Some(data).filter(end).map(|s| s.text.as_str());
    }
    let bare = stated.iter().find(end)?;
    form.contains(": ").then_some(bare.text.as_str())
}

/// The newsroom's own headline: where heading and `<title>` are one form, made for readers who
/// search, and the page's data state another of the same article.
fn newsroom_form<'f>(
    form: &str,
    stated: &[&'f TitleForm],
    site: &str,
    host: &str,
) -> Option<&'f str> {
    let text = |origin: &str| {
        let found = stated.iter().find(|s| s.origin == origin)?;
        Some(found.text.as_str())
    };
    let (title, data) = (text("title")?, text("json-ld")?);
    let same = |a: &str, b: &str| squash(a) == squash(b);
    let title = strip_site(title, site, host);
    let bare = strip_site(data, site, host);
    let apart = !same(&bare, form) && !same(&bare, &title);
    let whole = words(data).len() >= 4 && !data.ends_with('…') && !data.ends_with("...");
    let one = same(&title, form);
    let told = words(form);
    let shared = words(data)
        .iter()
        .any(|w| w.chars().count() >= 4 && told.contains(w));
    (one && apart && whole && bare == data && shared).then_some(data)
}

/// Whether `stated` is `name`, a mark, and a longer headline: the heading `name` is the site's.
fn leads(name: &str, stated: &str) -> bool {
    let Some(rest) = stated.strip_prefix(name.trim()) else {
        return false;
    };
    let marked = [":", " |", " -", " –", " —", " »"]
        .iter()
        .any(|mark| rest.starts_with(mark));
    let (name, rest) = (words(name).len(), words(rest).len());
    marked && name <= 4 && rest >= 4 && rest > name
}

/// "Headline | Paper" without the paper.
fn strip_site(text: &str, site: &str, host: &str) -> String {
    for mark in [" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · "] {
        if let Some(at) = text.rfind(mark) {
            let (head, tail) = (&text[..at], squash(&text[at + mark.len()..]));
            let named = !tail.is_empty()
                && (tail == site
                    || tail == host
                    || site.contains(&tail)
                    || (tail.len() >= 4 && host.contains(&tail)));
            if named || mark == " | " && words(head).len() >= 4 {
                return strip_site(head, site, host);
            }
        }
    }
    text.trim().to_owned()
}
