//! What the comparison says at once: the headline, the gains, one wide picture with a wipe, how many
//! students agree, and every score in one table a source.

use fovea_shared::bundle::Manifest;
use web_sys::{Document, HtmlCanvasElement, HtmlElement};

use super::{
    Compare,
    agreement::AgreementView,
    claims::Claims,
    claims_chart::groups,
    claims_view, grid, headline,
    view::scores,
    wipe::{Half, Whose, Wipe},
    wipe_view::{Shown, WipeView},
};
use crate::{
    app::{
        canvas::tile::Lens,
        elements::{append, create, create_with, document, get},
        model::{Handle, Model},
        students::name,
    },
    text::{language, say},
};

/// The elements, and what they were last written of.
pub(super) struct Overview {
    headline: HtmlElement,
    claims: HtmlElement,
    grid: HtmlElement,
    wipe_box: HtmlElement,
    agreement_box: HtmlElement,
    wipe: Option<Wipe>,
    views: Option<(WipeView, AgreementView, &'static str)>,
    gains: Claims,
    /// Name and date of the bundle, language.
    written: Option<(String, &'static str)>,
}

impl Overview {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            headline: get(d, "compare-headline")?,
            claims: get(d, "compare-claims")?,
            grid: get(d, "compare-grid")?,
            wipe_box: get(d, "compare-wipe")?,
            agreement_box: get(d, "compare-agreement")?,
            wipe: None,
            views: None,
            gains: Claims::shipped(),
            written: None,
        })
    }

    /// Another bundle has other students.
    pub(super) fn forget(&mut self) {
        self.wipe = None;
    }

    /// What holds for the whole bundle.
    fn write_bundle(&mut self, model: &Model) {
        let Some(manifest) = &model.manifest else { return };
        let written = Some((format!("{} {}", manifest.name, manifest.created), language().code));
        if self.written == written {
            return;
        }
        self.written = written;
        let pairs = &self.gains.pairs;
        self.headline.set_text_content(None);
        for headline in headline::headlines(&manifest.students, manifest.domain, pairs) {
            append(&self.headline, &create_with("p", &headline.title(), &[("class", "headline")]));
            let list = create_with("ul", "", &[("class", "note")]);
            headline.lines().iter().for_each(|line| append(&list, &create("li", line)));
            let more = create_with("details", "", &[("class", "more")]);
            append(&more, &create("summary", &say!("compare-details")));
            append(&more, &list);
            append(&self.headline, &more);
        }
        claims_view::draw(&document(), &self.claims, &groups(&self.gains, manifest.domain));
        grid::draw(&document(), &self.grid, &grid::Grid::all(&manifest.students, manifest.domain, pairs));
    }

    fn build(&mut self, handle: &Handle<Compare>) -> Result<(), String> {
        if self.views.as_ref().is_some_and(|(_, _, spoken)| *spoken == language().code) {
            return Ok(());
        }
        let wipe = WipeView::build(&document(), &self.wipe_box)?;
        let of = handle.clone();
        wipe.listen(move |act| {
            of.update(|compare, model| {
                let overview = &mut compare.overview;
                if let (Some(wipe), Some((view, ..))) = (&mut overview.wipe, &overview.views) {
                    wipe.act(act, view.seen(&Lens::default(), model.found.size));
                }
                compare.redraw();
            });
        });
        let agreement = AgreementView::build(&document(), &self.agreement_box)?;
        self.views = Some((wipe, agreement, language().code));
        Ok(())
    }
}

impl Compare {
    /// What the wipe is drawn in, which the shell observes for its size.
    pub fn wipe_box(&self) -> &HtmlElement {
        &self.overview.wipe_box
    }

    /// The wipe begins again.
    pub fn forget_wipe(&mut self) {
        self.overview.forget();
        self.redraw();
    }

    /// Whether the visitor has moved the divider of the wipe, or chosen whose outlines it shows.
    pub fn wiped(&self, manifest: &Manifest) -> bool {
        self.overview.wipe.is_some_and(|wipe| wipe != Wipe::first(manifest))
    }

    /// The two students that the wipe shows at first, once both have drawn the open picture: places in the manifest
    /// and Dice.
    pub fn first_pair(&self, manifest: &Manifest) -> Option<[(usize, f32); 2]> {
        let (first, answer) = (Wipe::first(manifest), self.answer.as_ref()?);
        let dice = |half: Half| {
            let Whose::Student(place) = first.half(half) else { return None };
            let (_, one) = answer.students.iter().find(|(of, _)| *of == place)?;
            Some((place, one.outline.dice?))
        };
        Some([dice(Half::Left)?, dice(Half::Right)?])
    }

    /// Brings headline, gains and scores in line; they hold for the whole bundle.
    pub(super) fn refresh_overview(&mut self, model: &Model) {
        self.overview.write_bundle(model);
    }

    /// Draws the wipe and the map of agreement of the open image.
    pub(super) fn draw_overview(&mut self, model: &Model, photo: Option<(&HtmlCanvasElement, (u32, u32))>) {
        let (Some(manifest), Some(handle)) = (&model.manifest, &self.handle) else { return };
        if self.overview.build(handle).is_err() {
            return;
        }
        let wipe = *self.overview.wipe.get_or_insert_with(|| Wipe::first(manifest));
        let Some((view, agreement, _)) = &mut self.overview.views else { return };
        let answer = self.answer.as_ref();
        let title = |whose: Whose| match whose {
            Whose::Teacher => say!("compare-teacher"),
            Whose::Student(place) => manifest.students.get(place).map(|s| name(s.kind)).unwrap_or_default(),
        };
        let chosen = self.choice.students.iter().copied().map(Whose::Student);
        let choices: Vec<(Whose, String)> = [Whose::Teacher].into_iter().chain(chosen).map(|w| (w, title(w))).collect();
        let half = |half: Half| {
            let whose = wipe.half(half);
            let one = answer.and_then(|answer| match whose {
                Whose::Teacher => Some(&answer.teacher),
                Whose::Student(place) => answer.students.iter().find(|(p, _)| *p == place).map(|(_, one)| one),
            });
            let says = one.map(scores).unwrap_or_else(|| say!("compare-waiting"));
            Shown { name: title(whose), scores: says, outline: one.map(|one| &one.outline) }
        };
        let halves = [half(Half::Left), half(Half::Right)];
        let lens = Lens::default();
        view.show(&document(), &wipe, &choices, &halves, photo, (&lens, model.found.truth.as_ref()));
        if let (Some(answer), Some(photo)) = (answer, photo) {
            agreement.show(&document(), &answer.agreement, photo, &lens);
        }
    }
}
