//! Title, byline, date and site from the lines around the article.

mod byline;
mod dates;
mod site;
pub(super) mod title;

use rapporteur_base::Date;

use super::lines::Line;
use super::notice::Marks;
use super::region::Region;
use crate::article::{Article, TitleForm};
use crate::names;
use crate::phrases::Kinds;

use byline::{is_bare_by, is_byline};
use dates::is_dated;

/// Lines above and below a byline that hold headline and text of its article.
const AROUND: usize = 8;

/// The lines at which an article begins: a title, a byline with its date under it, and then prose.
pub(crate) fn heads(lines: &[Line<'_>]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.bullet || line.repeats > 2 || !is_byline(line) {
            continue;
        }
        let around = lines.get(at.saturating_sub(2)..(at + 3).min(lines.len()));
        let dated = around.is_some_and(|l| l.iter().any(|l| l.date.is_some()));
        let titled = (at.saturating_sub(AROUND)..at).rev().find(|above| {
            let above = &lines[*above];
            title::may_be_title(above) && above.words >= 4 && !above.bullet
        });
        let below = lines.get(at + 1..(at + 1 + AROUND).min(lines.len()));
        let prose = below.is_some_and(|l| l.iter().any(|l| l.is_prose() && l.weight > 0.0));
        if let Some(top) = titled.filter(|_| dated && prose)
            && out.last().is_none_or(|o| top > *o + 2)
        {
            out.push(top);
        }
    }
    out
}

/// A line of the head of an article: byline, date, credit of a picture.
fn is_head(line: &Line<'_>) -> bool {
    is_byline(line) || is_dated(line) || line.is_date_only() || is_bare_by(line) || is_credit(line)
}

/// Moves the start of the region to the headline: prose between the two belongs to the article,
/// what stands before the headline does not.
pub(crate) fn anchor(lines: &[Line<'_>], region: &mut Region) -> Option<usize> {
    let top = title::find(lines, region)?;
    if top >= region.first {
        region.lines.retain(|at| *at > top);
        region.first = region.lines.first().copied().unwrap_or(top);
        return Some(top);
    }
    let small = Marks::NOTICE.or(Marks::CREDIT).or(Marks::CAPTION);
    let own = |at: &usize| {
        let line = &lines[*at];
        let text =
            line.stop && line.words >= 6 || *at == top + 1 && line.words >= 7 && !line.bullet;
        text && !is_head(line)
            && !line.is_furniture()
            && !line.is_end_marker()
            && !line.start.has(Kinds::FURNITURE)
            && line.repeats == 1
            && !line.marks.has(small)
    };
    let near = |at: &usize| *at <= top + 4 || at + 6 >= region.first;
    let mut more: Vec<usize> = (top + 1..region.first).filter(near).filter(own).collect();
    more.extend(entry(lines, top, region.first));
    more.sort_unstable();
    more.dedup();
    more.append(&mut region.lines);
    region.lines = more;
    Some(top)
}

/// The time of a rolling page's first entry, and its head, that stand right over its text.
fn entry(lines: &[Line<'_>], top: usize, first: usize) -> Vec<usize> {
    let from = first.saturating_sub(2).max(top + 1);
    let clock = (from..first).find(|at| lines[*at].marks.has(Marks::CLOCK));
    clock.map_or_else(Vec::new, |at| (at..first).collect())
}

/// Paragraphs of the text behind which no line of the head is looked for.
const PARAGRAPHS: usize = 3;

/// Where the head of an article may stand: from a little above the title to its first paragraphs.
fn reach(lines: &[Line<'_>], region: &Region, top: usize) -> (usize, usize) {
    let from = top.saturating_sub(8);
    let mut seen = 0;
    let mut to = region.first;
    for (at, line) in lines.iter().enumerate().skip(region.first).take(14) {
        seen += usize::from(line.is_prose() && line.words >= 25);
        if seen >= PARAGRAPHS {
            break;
        }
        to = at + 1;
    }
    let end = (region.last + 1).min(lines.len());
    (from, to.max(region.first + 5).min(end))
}

/// Fills title, authors, dates and site.
pub(crate) fn read(
    lines: &[Line<'_>],
    region: Option<(&Region, Option<usize>)>,
    crawled: Option<Date>,
    article: &mut Article,
) {
    article.site = site::find(lines);
    let Some((region, title)) = region else {
        return;
    };
    if let Some(at) = title {
        let words: Vec<_> = lines[at].text.split_whitespace().collect();
        let whole = words.join(" ");
        article.title = title::without_label(&whole).to_owned();
        article.title_forms.push(TitleForm {
            origin: "line".into(),
            text: whole,
        });
    }
    article.section = title.and_then(|at| section(lines, at, article.site.as_deref()));
    let top = title.unwrap_or(region.first);
    let (from, to) = reach(lines, region, top);
    byline::read(lines, region, (from, to, top), article);
    dates::read(lines, region, (from, to, top), crawled, article);
}

/// The rubric: a word or two alone over the title, that stand in a menu too.
fn section(lines: &[Line<'_>], title: usize, site: Option<&str>) -> Option<String> {
    let at = title.checked_sub(1)?;
    let line = lines.get(at)?;
    // The last entry of a menu has others close above it.
    let menu = |l: &Line<'_>| l.words <= 3 && !l.is_furniture();
    let parted = line.gap > 0 || at == 0 || !menu(&lines[at - 1]);
    let alone = (1..=3).contains(&line.words)
        && line.repeats >= 2
        && parted
        && !line.bullet
        && !line.stop
        && line.date.is_none()
        && line.marks == Marks::default()
        && !line.is_end_marker()
        && !names::is_person(line.text)
        && site.is_none_or(|s| names::squash(s) != names::squash(line.text));
    // Rubrics are listed among the furniture words; share buttons and the like are too.
    let rubric = !line.whole.has(Kinds::FURNITURE) || is_rubric(&line.lower);
    (alone && rubric).then(|| line.text.to_owned())
}

/// Names of rubrics that are menu entries on every site.
fn is_rubric(lower: &str) -> bool {
    matches!(
        lower,
        "news" | "world" | "politics" | "business" | "sport" | "sports" | "opinion" | "culture"
    )
}

/// Whether a line of the region belongs to the head of the article and not to its text.
pub(crate) fn is_part(line: &Line<'_>, at: usize, region: &Region, article: &Article) -> bool {
    let same = |title: &str| line.text.split_whitespace().eq(title.split_whitespace());
    if same(&article.title) || article.title_forms.iter().any(|f| same(&f.text)) {
        return true;
    }
    at < region.first + 6
        && (line.words <= 14 && (is_byline(line) || is_credit(line)) || is_dated(line))
}

/// Words of picture credits and notices, not of headlines.
fn is_credit(line: &Line<'_>) -> bool {
    const WORDS: &[&str] = &[
        "photo",
        "image",
        "credit",
        "courtesy",
        "getty",
        "illustration",
        "foto",
        "bild",
        "©",
        "commission",
        "affiliate",
        "cookie",
        "صورة",
    ];
    line.words <= 24
        && WORDS.iter().any(|w| {
            line.lower
                .split(|c: char| !c.is_alphanumeric() && c != '©')
                .any(|x| x == *w)
        })
        && (line.lower.contains(':')
            || line.lower.contains('/')
            || line.lower.contains(" by ")
            || line.lower.contains("we may")
            || line.lower.contains("courtesy")
            || line.lower.contains('('))
}
