//! One whole article: the state runs through it.

use rapporteur_temporal::tag;

const ARTICLE: &str = "Envoys set date for last convoys

MUSCAT, 14 May 2023 - The two sides agreed on Saturday to finish the pullout by the end of the year, mediators said. \
A first group of 300 soldiers left in March and a second will follow in June.

The force came in 2009 under a one-year mandate. In August 2019 the parliament voted to end it; two months later the vote was \
annulled. Since then the mandate has been renewed every six months.

\"Within two weeks we will publish the map,\" the envoy told reporters yesterday. Talks resume on Tuesday.";

const FOUND: &str = "\
14 May 2023 | 2023-05-14 | 2023-05-14..2023-05-14
Saturday | 2023-05-13 | 2023-05-13..2023-05-13
the end of the year | 2023 | ..2023-12-31
March | 2023-03 | 2023-03-01..2023-03-31
June | 2023-06 | 2023-06-01..2023-06-30
2009 | 2009 | 2009-01-01..2009-12-31
one-year | P1Y | -
August 2019 | 2019-08 | 2019-08-01..2019-08-31
two months later | 2019-10 | 2019-10-01..2019-10-31
every six months | P6M | -
two weeks | P2W | 2023-05-14..2023-05-28
yesterday | 2023-05-13 | 2023-05-13..2023-05-13
Tuesday | 2023-05-16 | 2023-05-16..2023-05-16
";

#[test]
fn an_article_is_read_as_a_whole() {
    let text = |date: Option<rapporteur_base::Date>| date.map_or(String::new(), |d| d.to_string());
    let found: String = tag(ARTICLE, "2023-05-14".parse().ok())
        .iter()
        .map(|t| {
            let days = t.interval.map_or("-".to_owned(), |i| {
                format!("{}..{}", text(i.from), text(i.to))
            });
            format!("{} | {} | {days}\n", t.span.of(ARTICLE), t.value)
        })
        .collect();
    assert_eq!(found, FOUND, "found:\n{found}");
}
