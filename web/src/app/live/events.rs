//! From events on the live training to its settings and steps.

use wasm_bindgen_futures::spawn_local;
use web_sys::Event;

use super::{
    Elements, Live,
    settings::{From, LARGEST_SEED},
};
use crate::{
    app::{
        bundles::download::gallery_case,
        compare::strategy_view::StrategyView,
        elements::events::{choose, click, on},
        model::Handle,
    },
    protocol::LiveTarget,
};

/// Listens to menus and buttons.
pub(super) fn listen(at: &Elements, handle: &Handle<Live>) {
    click(handle, &at.play, Live::play_or_pause);
    click(handle, &at.once, Live::step);
    click(handle, &at.reset, |live, _| live.training.reset());
    for (place, select) in at.students.iter().enumerate() {
        choose(handle, select, move |live, _, value| {
            live.training.settings.students[place] = value.parse().ok();
            live.training.start_again();
        });
    }
    choose(handle, &at.from, |live, _, value| {
        live.training.settings.from = if value == "trained" { From::Trained } else { From::Fresh };
        live.training.start_again();
    });
    choose(handle, &at.target, |live, _, value| {
        live.training.settings.target = LiveTarget::from_name(value).unwrap_or_default();
        live.training.start_again();
    });
    choose(handle, &at.look, |live, _, value| {
        live.training.view = StrategyView::from_name(value).unwrap_or_default();
        live.redraw();
    });
    let (of, typed) = (handle.clone(), at.seed.clone());
    on(&at.seed, "change", move |_: Event| {
        of.update(|live, _| {
            // What is not a seed leaves the former one, which is then written again.
            let chosen = typed.value().trim().parse().ok().filter(|seed| *seed <= LARGEST_SEED);
            live.training.settings.seed = chosen.unwrap_or(live.training.settings.seed);
            live.training.start_again();
        });
    });
    let (of, chosen) = (handle.clone(), at.images.clone());
    on(&at.images, "change", move |_: Event| learn_from(&of, chosen.value().parse().unwrap_or(0)));
}

/// Learns from so many other images of the gallery too, once their files are here.
fn learn_from(handle: &Handle<Live>, count: usize) {
    let asked = handle.read(|_, model| {
        let manifest = model.manifest.clone()?;
        Some((model.bundles.folder().to_owned(), model.current.as_ref()?.origin.case.clone(), manifest))
    });
    let Some((folder, open, manifest)) = asked else { return };
    let handle = handle.clone();
    spawn_local(async move {
        let mut others = Vec::new();
        let cases = manifest.gallery.iter().filter(|case| case.gaze.is_some() && Some(&case.id) != open.as_ref());
        for case in cases.take(count) {
            match gallery_case(&folder, &manifest, case, 0).await {
                Ok(request) => others.push(request),
                Err(why) => return handle.update(|_, model| model.show_image_message(why)),
            }
        }
        handle.update(|live, _| {
            live.training.others = others;
            live.training.start_again();
        });
    });
}
