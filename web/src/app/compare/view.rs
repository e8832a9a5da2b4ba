//! The tiles, menus and the table of a comparison.

use fovea_shared::{
    bundle::{Manifest, Score, StudentVariant},
    distill::Strategies,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlInputElement};

use super::{Choice, Elements, against_name, strategy_view::StrategyView};
use crate::{
    app::{
        canvas::{
            layers::{GAINED, LOST, Layer},
            tile::{Picture, Tile},
        },
        elements::{append, children, create, create_svg, menu::fill, set, set_text},
        status::{numbers::percent, sentences},
        students::name,
    },
    protocol::{Compared, Contestant, Inside, Outline},
    text::say,
};

/// Everything that a drawing of the comparison shows.
pub(super) struct Shown<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) answer: Option<&'a Compared>,
    pub(super) choice: &'a Choice,
    pub(super) truth: Option<&'a Outline>,
}

/// Who a tile is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Teacher,
    Student(usize),
}

/// A tile with its caption.
struct Figure {
    who: Who,
    tile: Tile,
    name: Element,
    scores: Element,
    sees: Element,
}

/// The tiles, made again when others are chosen.
#[derive(Default)]
pub(super) struct Figures(Vec<Figure>);

impl Figures {
    /// Brings menus, tiles and table in line.
    pub(super) fn show(&mut self, at: &Elements, shown: &Shown<'_>, photo: Option<(&HtmlCanvasElement, (u32, u32))>) {
        menus(at, shown);
        table(at, shown);
        let wanted: Vec<Who> =
            [Who::Teacher].into_iter().chain(shown.choice.students.iter().copied().map(Who::Student)).collect();
        if self.0.iter().map(|f| f.who).collect::<Vec<_>>() != wanted {
            at.tiles.set_text_content(None);
            self.0 = wanted.into_iter().filter_map(|who| Figure::make(at, who)).collect();
        }
        for figure in &mut self.0 {
            figure.caption(shown);
            if let Some((photo, native)) = photo {
                figure.draw(shown, photo, native);
            }
        }
    }

    /// The tile of a canvas.
    pub(super) fn tile(&self, canvas: &Element) -> Option<&Tile> {
        self.0.iter().map(|f| &f.tile).find(|tile| tile.canvas().is_same_node(Some(canvas)))
    }
}

impl Figure {
    fn make(at: &Elements, who: Who) -> Option<Self> {
        let value = match who {
            Who::Teacher => "teacher".to_string(),
            Who::Student(place) => place.to_string(),
        };
        let (tile, [name, scores, sees]) = figure(&at.tiles, ("data-who", &value))?;
        Some(Self { who, tile, name, scores, sees })
    }

    fn contestant<'a>(&self, shown: &Shown<'a>) -> Option<&'a Contestant> {
        let answer = shown.answer?;
        match self.who {
            Who::Teacher => Some(&answer.teacher),
            Who::Student(place) => answer.students.iter().find(|(p, _)| *p == place).map(|(_, one)| one),
        }
    }

    fn caption(&self, shown: &Shown<'_>) {
        let name = match self.who {
            Who::Teacher => say!("compare-teacher"),
            Who::Student(place) => shown.manifest.students.get(place).map(|s| name(s.kind)).unwrap_or_default(),
        };
        let found = self.contestant(shown);
        let scores = found.map_or_else(|| say!("compare-waiting"), scores);
        let sees = found.map(|one| sees(one, shown.choice.view)).unwrap_or_default();
        set_text(&self.name, &name);
        set_text(&self.scores, &scores);
        set_text(&self.sees, &sees);
        let said = say!("two-sentences", first = format!("{name}: {scores}."), second = sees);
        set(self.tile.canvas(), "aria-label", said.trim());
    }

    fn draw(&mut self, shown: &Shown<'_>, photo: &HtmlCanvasElement, native: (u32, u32)) {
        let own = if self.who == Who::Teacher { Layer::Teacher } else { Layer::Student };
        let found = self.contestant(shown);
        let picture = found.map(|one| picture(one, own, shown.choice.view, shown.truth)).unwrap_or_default();
        self.tile.draw(photo, native, &shown.choice.lens, &picture);
    }
}

/// A new tile in a list, with the three lines of its caption: name, figures, what a strategy sees. The attribute names it.
pub fn figure(list: &Element, (attribute, value): (&str, &str)) -> Option<(Tile, [Element; 3])> {
    let figure = create("figure", "");
    set(&figure, "class", "tile");
    set(&figure, attribute, value);
    let canvas: HtmlCanvasElement = create("canvas", "").dyn_into().ok()?;
    set(&canvas, "role", "img");
    let caption = create("figcaption", "");
    let lines = ["b", "span", "small"].map(|tag| create(tag, ""));
    lines.iter().for_each(|line| append(&caption, line));
    append(&figure, &canvas);
    append(&figure, &caption);
    append(list, &figure);
    Some((Tile::new(canvas).ok()?, lines))
}

/// The scores of one mask in a line.
pub(super) fn scores(one: &Contestant) -> String {
    match (one.outline.dice, one.iou, one.hd95) {
        (Some(dice), Some(iou), Some(hd95)) => {
            say!("compare-scores", dice = format!("{dice:.3}"), iou = format!("{iou:.3}"), hd95 = format!("{hd95:.0}"))
        }
        _ => say!("compare-share", share = percent(one.outline.share())),
    }
}

/// What a look says of one mask besides its scores.
fn sees(one: &Contestant, look: StrategyView) -> String {
    let Some(inside) = &one.inside else {
        return match (&one.difference, look) {
            (Some(_), StrategyView::Masks) => differs(one),
            _ => String::new(),
        };
    };
    if look == StrategyView::Masks { differs(one) } else { strategy_sees(inside, look) }
}

/// How much a mask differs from what it is compared with.
fn differs(one: &Contestant) -> String {
    let Some(difference) = &one.difference else { return say!("compare-same") };
    let share = |outline: &Outline| percent(outline.share());
    say!("compare-differs", extra = share(&difference.extra), missing = share(&difference.missing))
}

/// What one strategy sees, in words.
pub fn strategy_sees(inside: &Inside, look: StrategyView) -> String {
    let share = |outline: &Option<Outline>| outline.as_ref().map(|o| percent(o.share()));
    match look {
        StrategyView::Masks => String::new(),
        StrategyView::Cosine(level) => match inside.cosine_means.get(level) {
            Some(mean) => say!("sees-afc", mean = format!("{mean:.2}")),
            None => say!("sees-no-afc"),
        },
        StrategyView::Reliable => match (share(&inside.reliable_lesion), share(&inside.reliable_background)) {
            (Some(lesion), Some(background)) => say!("sees-cwc", lesion = lesion, background = background),
            _ => say!("sees-no-cwc"),
        },
        StrategyView::Masking => match (share(&inside.disagreement), share(&inside.masked)) {
            (Some(apart), Some(hidden)) => say!("sees-darm", apart = apart, hidden = hidden),
            _ => say!("sees-no-darm"),
        },
    }
}

/// What a tile shows of one mask.
fn picture<'a>(one: &'a Contestant, own: Layer, look: StrategyView, truth: Option<&'a Outline>) -> Picture<'a> {
    let mut picture = Picture { outlines: vec![(own, &one.outline)], ..Picture::default() };
    if look == StrategyView::Masks {
        picture.extra = one.difference.as_ref().map(|d| &d.extra);
        picture.missing = one.difference.as_ref().map(|d| &d.missing);
        picture.outlines.extend(truth.map(|truth| (Layer::Truth, truth)));
    } else if let Some(inside) = &one.inside {
        add_strategy(&mut picture, inside, look);
    }
    picture
}

/// Adds what one strategy sees.
pub fn add_strategy<'a>(picture: &mut Picture<'a>, inside: &'a Inside, look: StrategyView) {
    match look {
        StrategyView::Masks => {}
        StrategyView::Cosine(level) => picture.map = inside.cosine.get(level),
        StrategyView::Reliable => {
            let lesion = inside.reliable_lesion.as_ref().map(|o| (o, GAINED, 0.35));
            let background = inside.reliable_background.as_ref().map(|o| (o, Layer::Background.line(), 0.35));
            picture.regions.extend([background, lesion].into_iter().flatten());
        }
        StrategyView::Masking => {
            let apart = inside.disagreement.as_ref().map(|o| (o, LOST, 0.3));
            let hidden = inside.masked.as_ref().map(|o| (o, Layer::Truth.line(), 0.75));
            picture.regions.extend([apart, hidden].into_iter().flatten());
        }
    }
}

/// The students to choose from, and the two menus.
fn menus(at: &Elements, shown: &Shown<'_>) {
    let students = &shown.manifest.students;
    if at.choice.children().length() as usize != students.len() {
        at.choice.set_text_content(None);
        for (place, _) in students.iter().enumerate() {
            let label = create("label", "");
            let input = create("input", "");
            set(&input, "type", "checkbox");
            set(&input, "value", &place.to_string());
            append(&label, &input);
            append(&label, &create("span", ""));
            append(&at.choice, &label);
        }
    }
    for (place, label) in children(&at.choice).into_iter().enumerate() {
        let input = label.first_element_child().and_then(|i| i.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            input.set_checked(shown.choice.students.contains(&place));
        }
        if let (Some(span), Some(student)) = (label.last_element_child(), students.get(place)) {
            set_text(&span, &name(student.kind));
        }
    }
    let mut options =
        vec![("truth".to_string(), say!("against-truth")), ("teacher".to_string(), say!("against-teacher"))];
    options.extend(students.iter().enumerate().map(|(place, s)| (place.to_string(), name(s.kind))));
    fill(&at.against, &options, &against_name(shown.choice.against));
    let looks: Vec<(String, String)> =
        StrategyView::ALL.into_iter().map(|look| (look.name().into(), look.title())).collect();
    fill(&at.look, &looks, shown.choice.view.name());
}

/// A student's strategies, as short as can be.
pub fn short(strategies: Strategies) -> String {
    match (strategies.any(), strategies == Strategies::ALL) {
        (false, _) => say!("strategies-none"),
        (_, true) => say!("strategies-all"),
        _ => strategies.name().to_uppercase().replace('+', " + "),
    }
}

/// The range of the table's axis: from a multiple of .05 below every value up to 1.
fn axis(values: impl Iterator<Item = f64>) -> f64 {
    let lowest = values.fold(0.95, f64::min);
    ((lowest * 20.0).floor() / 20.0).max(0.0)
}

/// One row a student: the published test Dice with its spread, and that of this image.
fn table(at: &Elements, shown: &Shown<'_>) {
    let live = |place: usize| {
        let (_, one) = shown.answer?.students.iter().find(|(p, _)| *p == place)?;
        one.outline.dice.map(f64::from)
    };
    let students = &shown.manifest.students;
    let caption = match students.iter().find_map(|s| s.ablation.as_ref()) {
        Some(score) => say!("compare-caption-ablation", on = &score.on),
        None => say!("compare-caption"),
    };
    set_text(&at.caption, &caption);
    let lowest = |s: &StudentVariant| published(students, s).map(|d| d.mean - d.sd);
    let values = students.iter().filter_map(lowest).chain((0..students.len()).filter_map(live));
    let from = axis(values);
    set_text(&at.axis, &say!("compare-axis", from = format!("{from:.2}")));
    at.table.set_text_content(None);
    for (place, student) in students.iter().enumerate() {
        let row = create("tr", "");
        let head = create("th", &name(student.kind));
        set(&head, "scope", "row");
        append(&row, &head);
        let score = published(students, student);
        let text = score.map_or_else(|| say!("compare-unmeasured"), sentences::score_alone);
        append(&row, &create("td", &text));
        let here = live(place).map_or_else(|| "–".to_string(), |d| format!("{d:.3}"));
        append(&row, &create("td", &here));
        let plot = create("td", "");
        append(&plot, &plot_of(score, live(place), from));
        append(&row, &plot);
        append(&at.table, &row);
    }
}

/// What is charted of a student: the ablation's score where the bundle quotes one, else that of these very weights. Never both in one chart.
fn published<'a>(students: &[StudentVariant], student: &'a StudentVariant) -> Option<&'a Score> {
    match students.iter().any(|s| s.ablation.is_some()) {
        true => student.ablation.as_ref(),
        false => student.dice.as_ref(),
    }
}

/// Mean with its spread as a dot on a line, and this image's value as a ring, on an axis from `from` to 1.
fn plot_of(score: Option<&Score>, live: Option<f64>, from: f64) -> Element {
    let svg = create_svg("svg", &[("viewBox", "0 0 320 20"), ("aria-hidden", "true"), ("class", "plot")]);
    let x = |value: f64| format!("{:.1}", 6.0 + 308.0 * ((value - from) / (1.0 - from)).clamp(0.0, 1.0));
    let add = |tag: &str, attributes: &[(&str, &str)]| {
        append(&svg, &create_svg(tag, attributes));
    };
    add("line", &[("x1", "6"), ("x2", "314"), ("y1", "10"), ("y2", "10"), ("class", "axis")]);
    if let Some(dice) = score {
        if dice.seeds > 1 {
            let ends = [x(dice.mean - dice.sd), x(dice.mean + dice.sd)];
            add("line", &[("x1", &ends[0]), ("x2", &ends[1]), ("y1", "10"), ("y2", "10"), ("class", "spread")]);
        }
        add("circle", &[("cx", &x(dice.mean)), ("cy", "10"), ("r", "5"), ("class", "mean")]);
    }
    if let Some(live) = live {
        add("circle", &[("cx", &x(live)), ("cy", "10"), ("r", "6"), ("class", "live")]);
    }
    svg
}

#[cfg(test)]
mod tests {
    use fovea_shared::bundle::{StudentKind, Told};

    use super::*;

    #[test]
    fn the_axis_begins_below_every_value() {
        assert_eq!(axis([0.81, 0.79].into_iter()), 0.75);
        assert_eq!(axis([0.0].into_iter()), 0.0);
        assert!(axis(std::iter::empty()) < 1.0);
    }

    #[test]
    fn the_chart_shows_the_ablation_or_the_weights_own_scores_and_never_mixes_them() {
        let score = |mean| Score { mean, sd: 0.01, seeds: 3, interval: None, on: "kvasir-seg".into() };
        let mut students =
            Strategies::every().map(|on| StudentVariant::new(StudentKind::new(Told::Heat, on), Some(score(0.7))));
        let means = |students: &[StudentVariant]| {
            students.iter().map(|s| published(students, s).map(|d| d.mean)).collect::<Vec<_>>()
        };
        assert_eq!(means(&students), vec![Some(0.7); 8]);
        students[2].ablation = Some(score(0.8));
        let mut expected = vec![None; 8];
        expected[2] = Some(0.8);
        assert_eq!(means(&students), expected);
    }

    #[test]
    fn a_strategy_that_saw_nothing_says_so() {
        let nothing = Inside::default();
        for look in &StrategyView::ALL[1..] {
            assert!(!strategy_sees(&nothing, *look).is_empty());
        }
        let inside = Inside { cosine_means: vec![0.5, 0.25, -0.1], ..Inside::default() };
        assert!(strategy_sees(&inside, StrategyView::Cosine(2)).contains("-0.10"));
    }
}
