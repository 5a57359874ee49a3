//! Titles of other articles, with their dates, from the lists around the text.

use super::lines::Line;
use super::notice::Marks;
use super::region::Region;
use crate::article::{Article, Link};
use crate::phrases::Kinds;

/// Most links that are kept.
const MOST: usize = 200;

/// Lists with dates outside the region are links to other articles.
pub(super) fn read(lines: &[Line<'_>], region: &Region, article: &mut Article) {
    let outside = |at: usize| at < region.first || at > region.last;
    let mut skip = false;
    let mut address = false;
    for (at, line) in lines.iter().enumerate() {
        // Under "Contact" stand addresses.
        if !line.bullet {
            address = line.is_furniture() && line.words <= 2;
        }
        if std::mem::take(&mut skip) || !outside(at) || line.text == article.title {
            continue;
        }
        if !is_title(line) || address && line.bullet {
            continue;
        }
        let next = lines
            .get(at + 1)
            .filter(|n| outside(at + 1) && n.is_date_only());
        let date = next.and_then(|n| n.date).map(|d| d.date);
        let sentence = line.stop && !line.text.ends_with(['?', '!']);
        let listed = line.bullet || date.is_some() || line.words >= 5 && !sentence;
        let new = !article.links.iter().any(|l| l.title == line.text);
        if listed && new && article.links.len() < MOST {
            skip = date.is_some();
            article.links.push(Link {
                title: line.text.to_owned(),
                date,
            });
        }
    }
}

/// Whether a line outside the text may be the title of another article.
fn is_title(line: &Line<'_>) -> bool {
    let small = Marks::NOTICE
        .or(Marks::CREDIT)
        .or(Marks::CAPTION)
        .or(Marks::CONTACT);
    (4..=25).contains(&line.words)
        && line.date.is_none()
        && !line.is_furniture()
        && !line.whole.has(Kinds::END)
        && !line.start.has(Kinds::FURNITURE)
        && !line.marks.has(small)
}
