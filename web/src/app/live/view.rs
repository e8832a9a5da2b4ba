//! The tiles, menus and charts of a live training.

use fovea_shared::{bundle::Manifest, distill::Strategies};
use web_sys::{Element, HtmlCanvasElement};

use super::{
    Elements,
    settings::From,
    training::{Point, Training},
};
use crate::{
    app::{
        canvas::{
            chart::{Series, draw},
            layers::Layer,
            tile::{Lens, Picture, Tile},
        },
        compare::{
            strategy_view::StrategyView,
            view::{add_strategy, figure, short, strategy_sees},
        },
        elements::{menu::fill, set, set_text},
        status::numbers::percent,
        students::title,
    },
    protocol::{LiveSeen, LiveTarget, Outline},
    text::say,
};

/// The tiles, made again when there are other learners.
#[derive(Default)]
pub(super) struct Show {
    tiles: Vec<(Strategies, Tile, [Element; 3])>,
}

impl Show {
    /// Brings menus, tiles and charts in line with the training.
    pub(super) fn refresh(
        &mut self,
        at: &Elements,
        live: &Training,
        manifest: Option<&Manifest>,
        truth: Option<&Outline>,
        photo: Option<(&HtmlCanvasElement, (u32, u32))>,
    ) {
        menus(at, live, manifest);
        let wanted: Vec<Strategies> = live.students().collect();
        if self.tiles.iter().map(|(on, ..)| *on).collect::<Vec<_>>() != wanted {
            at.tiles.set_text_content(None);
            let make = |(place, on): (usize, Strategies)| {
                let (tile, parts) = figure(&at.tiles, ("data-learner", &place.to_string()))?;
                Some((on, tile, parts))
            };
            self.tiles = wanted.into_iter().enumerate().filter_map(make).collect();
        }
        let target = live.last.as_ref().and_then(|last| last.target.as_ref());
        for (place, (on, tile, [name, scores, sees])) in self.tiles.iter_mut().enumerate() {
            let seen = live.last.as_ref().and_then(|last| last.students.get(place));
            let said = seen.map(says).unwrap_or_default();
            // Before the first step no strategy has seen anything.
            let more = seen.filter(|s| s.loss.is_some()).map(|s| strategy_sees(&s.inside, live.view));
            set_text(name, &title(*on));
            set_text(scores, &said);
            set_text(sees, &more.unwrap_or_default());
            set(tile.canvas(), "aria-label", &format!("{}: {said}", title(*on)));
            let Some((photo, native)) = photo else { continue };
            let mut picture = Picture::default();
            picture.outlines.extend(truth.map(|truth| (Layer::Truth, truth)));
            picture.outlines.extend(target.map(|target| (Layer::Broad, target)));
            if let Some(seen) = seen {
                add_strategy(&mut picture, &seen.inside, live.view);
                picture.outlines.push((Layer::Student, &seen.outline));
            }
            tile.draw(photo, native, &Lens::default(), &picture);
        }
        let [loss, dice] = &at.charts;
        let series = |value: fn(&Point) -> Option<f32>| -> Vec<Series> {
            let points =
                |list: &Vec<Point>| list.iter().filter_map(|p| Some((p.step as f64, f64::from(value(p)?)))).collect();
            live.history.iter().map(points).collect()
        };
        let names: Vec<String> = live.students().map(short).collect();
        draw(loss, &series(|p| p.loss), &names, None);
        draw(dice, &series(|p| p.dice), &names, Some(1.0));
    }
}

/// How a learner stands, in a line.
fn says(seen: &LiveSeen) -> String {
    let loss = seen.loss.map(|loss| format!("{loss:.3}"));
    let share = percent(seen.outline.share());
    match (seen.outline.dice, loss) {
        (Some(dice), Some(loss)) => say!("learner-dice-loss", dice = format!("{dice:.3}"), loss = loss),
        (Some(dice), None) => say!("learner-dice", dice = format!("{dice:.3}")),
        (None, Some(loss)) => say!("learner-share-loss", share = share, loss = loss),
        (None, None) => say!("learner-share", share = share),
    }
}

/// The menus, in the language that is spoken and with what is set.
fn menus(at: &Elements, live: &Training, manifest: Option<&Manifest>) {
    let every = || Strategies::every().map(|on| (on.name(), title(on))).to_vec();
    let [first, second] = &at.students;
    let name = |on: Option<Strategies>| on.map_or_else(|| "nobody".to_string(), Strategies::name);
    fill(first, &every(), &name(live.settings.students[0]));
    let mut options = vec![("nobody".to_string(), say!("distil-nobody"))];
    options.extend(every());
    fill(second, &options, &name(live.settings.students[1]));
    let from = [("fresh", say!("distil-fresh")), ("trained", say!("distil-trained"))];
    let chosen = if live.settings.from == From::Fresh { "fresh" } else { "trained" };
    fill(&at.from, &from.map(|(value, text)| (value.to_string(), text)), chosen);
    let target = |target: LiveTarget| match target {
        LiveTarget::BroadMask => say!("distil-broad"),
        LiveTarget::HeatMap => say!("distil-heat"),
        LiveTarget::Teacher => say!("distil-teacher"),
    };
    let targets = LiveTarget::ALL.map(|one| (one.name().to_string(), target(one)));
    fill(&at.target, &targets, live.settings.target.name());
    let gazed = manifest.map_or(0, |m| m.gallery.iter().filter(|case| case.gaze.is_some()).count());
    let images: Vec<(String, String)> = [0, 1, 3, 5]
        .into_iter()
        .filter(|count| *count == 0 || *count < gazed)
        .map(|count| (count.to_string(), say!("distil-others", count = count)))
        .collect();
    fill(&at.images, &images, &live.others.len().to_string());
    let looks: Vec<(String, String)> =
        StrategyView::ALL.into_iter().map(|view| (view.name().into(), view.title())).collect();
    fill(&at.look, &looks, live.view.name());
}
