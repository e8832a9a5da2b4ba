//! The preset `lite` in training: heads on cached features, in stages or at once.

use std::{cell::RefCell, path::Path};

use anyhow::Result;
use burn::tensor::Device;
use fovea_shared::{
    distill::{Distiller, Learner, NamedSum, StepContext, StudentTarget, Trainee, one_cycle, relabelled_target},
    model::{StudentHead, TEACHER_SIDE, TeacherHead},
};

use super::{
    Probe, Progress, Prompt, RunFolder,
    batch::build,
    best::{Student, load_best_head, save_best},
    checkpoint::{self, State},
    engine::{Engine, Stage, Stepped},
    load_teacher,
    manifest::Files,
    predict::probabilities,
    predict_student, predict_teacher,
    prepared::Prepared,
    randomness::DrawAddress,
};
use crate::{
    config::{LiteSettings, TrainConfig},
    data::{image_store::ImageStore, truth::UniformTruths},
    features::{Encoder, FeatureCache},
    per_model::PerModel,
};

/// Name of the first teacher's weights, which make labels.
const LABELS: &str = "labels";

/// The heads of a run at work.
pub(super) struct Lite<'a> {
    config: &'a TrainConfig,
    settings: &'a LiteSettings,
    folder: &'a RunFolder,
    store: &'a ImageStore,
    cache: FeatureCache,
    encoder: Encoder,
    /// The round at work, from 0.
    round: usize,
    /// Whether the stage at work makes labels.
    labels: bool,
    device: Device,
    train: Prepared,
    validation: Prepared,
    probe: Probe,
    distiller: Distiller,
    progress: Progress<'a>,
}

/// Where a run goes on from.
pub(super) struct Start {
    /// Its own newest checkpoint, or the end of another run's teacher stage.
    pub(super) state: Option<State>,
    /// Whether it was another run's.
    pub(super) taken_over: bool,
}

impl<'a> Lite<'a> {
    /// Sets the heads up and, where the run's folder holds a checkpoint, as they are there; else as
    /// at the end of the teacher's stage in another run's folder, where one is named.
    ///
    /// # Errors
    /// A damaged checkpoint.
    pub(super) fn open(
        (config, settings): (&'a TrainConfig, &'a LiteSettings),
        folder: &'a RunFolder,
        store: &'a ImageStore,
        (cache, device): (&FeatureCache, &Device),
        (train, validation): (Prepared, Prepared),
        teacher: Option<&Path>,
        progress: Progress<'a>,
    ) -> Result<(Self, Start)> {
        let mut distiller = Distiller::new(config.distill.clone(), config.seed, device);
        if config.student_target == StudentTarget::TwoLevel {
            distiller.pair(config.seed, device);
        }
        let encoder = folder.encoder()?;
        if config.distill.needs_pixels() {
            distiller.backbone = Some(encoder.load(device)?);
        }
        let fresh = || encoder.load(&device.clone().autodiff());
        let own = checkpoint::load(&folder.path, &mut distiller, fresh)?;
        let taken = match (&own, teacher) {
            (None, Some(run)) => {
                Some(checkpoint::take_over(run, &folder.path, config.teacher_stages(), &mut distiller)?)
            }
            _ => None,
        };
        let start = Start { taken_over: taken.is_some(), state: own.or(taken) };
        let probe = Probe::new(&validation)?;
        let (device, cache) = (device.clone(), cache.clone());
        let lite = Self {
            config,
            settings,
            folder,
            store,
            cache,
            encoder,
            round: 0,
            labels: false,
            device,
            train,
            validation,
            probe,
            distiller,
            progress,
        };
        Ok((lite, start))
    }

    /// Fresh heads on the backbone that the round before has adapted.
    fn begin_round(&mut self, round: usize) -> Result<()> {
        self.folder.begin_round(round)?;
        self.encoder = self.folder.encoder()?;
        self.progress.say(&format!(
            "round {} of {}, on the adapted backbone",
            round + 1,
            self.settings.schedule.rounds()
        ));
        let cache = self.cache.of(self.encoder.clone())?;
        for prepared in [&mut self.train, &mut self.validation] {
            let all = self.config.distill.strategies.any() || self.settings.views > 0;
            prepared.see_again(all, &cache, self.store, &self.progress)?;
        }
        self.fresh_heads(self.config.seed.wrapping_add((round as u64) << 40))
    }

    fn fresh_heads(&mut self, seed: u64) -> Result<()> {
        self.distiller = Distiller::new(self.config.distill.clone(), seed, &self.device);
        if self.config.distill.needs_pixels() {
            self.distiller.backbone = Some(self.encoder.load(&self.device)?);
        }
        Ok(())
    }

    /// Labels from the first teacher, where there is one, then the pictures of two lesions, which
    /// are made of them; and fresh heads.
    fn begin_teacher(&mut self, fresh: bool) -> Result<()> {
        if self.settings.schedule.teacher().is_some_and(|teacher| teacher.label_epochs > 0) {
            let head = load_best_head(&self.folder.path, LABELS, TeacherHead::new(0, &self.device))?;
            self.train.relabel(&head, self.config.gaze_prompt(), &self.device, &self.progress)?;
            if fresh {
                self.fresh_heads(self.config.seed.wrapping_add(((self.round as u64) << 40) + (1 << 36)))?;
                if self.config.student_target == StudentTarget::TwoLevel {
                    self.distiller.pair(self.config.seed, &self.device);
                }
            }
        }
        let cache = self.cache.of(self.encoder.clone())?;
        self.train.make_pictures(&cache, &self.device, &self.progress)
    }

    /// From here on the best student so far learns together with the backbone.
    fn begin_adapting(&mut self) -> Result<()> {
        let device = self.device.clone().autodiff();
        let head = load_best_head(&self.folder.path, "student", StudentHead::new(0, &device))?;
        self.distiller.student = Trainee::new(head, &self.distiller.config);
        self.distiller.adapt(self.encoder.load(&device)?);
        Ok(())
    }

    /// Replaces the student's targets by the best teacher's view of the training images, with all their gaze and text.
    fn relabel(&mut self) -> Result<()> {
        let head = load_best_head(&self.folder.path, "teacher", TeacherHead::new(0, &self.device))?;
        let flips = self.train.features().flips();
        let bar = RefCell::new(self.progress.bar("relabel", self.train.cases.len() as u64));
        let (config, device, progress) = (self.config, &self.device, self.progress);
        self.train.retarget(|train, case| {
            progress.go_on()?;
            let gaze = config.gaze_prompt().then(|| train.gaze(case));
            let asked = Prompt { gaze, text: train.text[case].as_ref() };
            let logits = predict_teacher(&head, train.features(), case, asked, flips, device)?;
            bar.borrow_mut().inc(1);
            Ok(relabelled_target(&probabilities(&logits, TEACHER_SIDE), &train.masks(case)?))
        })?;
        bar.into_inner().finish();
        Ok(())
    }

    /// The student as it is now, with the backbone that it has adapted, where it has.
    fn student(&self) -> Student {
        Student {
            head: self.distiller.student.average.clone(),
            partner: self.distiller.partner.as_ref().map(|partner| partner.average.clone()),
            backbone: self.distiller.adapted.as_ref().map(|adapted| adapted.average.clone()),
        }
    }
}

impl Engine for Lite<'_> {
    fn images(&self) -> usize {
        self.train.cases.len()
    }

    fn stages(&self) -> Vec<Stage> {
        let per_epoch = self.images().div_ceil(self.config.batch);
        let stage = |name, learner, epochs| Stage {
            name,
            learner,
            steps: epochs * per_epoch,
            labels: false,
            adapts: false,
            round: 0,
        };
        let schedule = &self.settings.schedule;
        let mut stages = Vec::new();
        if let Some(teacher) = schedule.teacher() {
            stages.push(Stage { labels: true, ..stage("labels", Learner::Teacher, teacher.label_epochs) });
            stages.push(stage("teacher", Learner::Teacher, teacher.epochs.get()));
        }
        if let Some(student) = schedule.student() {
            let (name, learner) =
                if schedule.is_joint() { ("both", Learner::Both) } else { ("student", Learner::Student) };
            stages.push(stage(name, learner, student.epochs.get()));
            let adapting = student.adapting.map_or(0, |adapting| adapting.epochs.get());
            stages.push(Stage { adapts: true, ..stage("adapt", Learner::Student, adapting) });
        }
        stages.retain(|stage| stage.steps > 0);
        (0..schedule.rounds()).flat_map(|round| stages.iter().map(move |stage| Stage { round, ..*stage })).collect()
    }

    fn begin(&mut self, stage: Stage, fresh: bool) -> Result<()> {
        if fresh && stage.round > self.round {
            self.begin_round(stage.round)?;
        }
        self.round = stage.round;
        self.labels = stage.labels;
        if stage.learner == Learner::Teacher && !stage.labels {
            self.begin_teacher(fresh)?;
        }
        if stage.learner == Learner::Student && self.config.student_target == StudentTarget::Teacher {
            self.relabel()?;
        }
        if stage.learner == Learner::Student && self.config.distill.strategies.any() {
            self.distiller.guide = Some(load_teacher(&self.folder.path, &self.device)?);
        }
        if fresh && stage.adapts {
            self.begin_adapting()?;
        }
        Ok(())
    }

    fn rate(&self, stage: Stage, step: usize) -> f64 {
        let adapting = self.settings.schedule.adapting().filter(|_| stage.adapts);
        let peak = adapting.map_or(self.config.rate, |adapting| adapting.rate);
        one_cycle(step, stage.steps, peak)
    }

    fn step(&mut self, cases: &[usize], stage: Stage, address: DrawAddress, context: StepContext) -> Result<Stepped> {
        let batch = build(&self.train, cases, self.config, address, stage, &self.device)?;
        let losses = pollster::block_on(self.distiller.step(&batch, context))?.losses;
        Ok(Stepped { losses, inputs: batch.sums() })
    }

    fn weight_sums(&self) -> Vec<NamedSum> {
        self.distiller.weight_sums()
    }

    fn broken_features(&self, cases: &[usize]) -> Option<String> {
        let features = self.train.features();
        let finite = |values: Vec<half::f16>| values.iter().all(|value| value.is_finite());
        let broken = |case: usize| (0..features.views()).any(|view| !features.get(case, view).is_ok_and(finite));
        let case = cases.iter().find(|case| broken(**case))?;
        Some(self.train.cases[*case].image.display().to_string())
    }

    /// Tries the moving averages.
    fn validate(&self, stage: Stage) -> Result<PerModel<f64>> {
        let mut tried = PerModel::default();
        let cases = 0..self.validation.cases.len();
        let features = self.validation.features();
        if stage.learner != Learner::Student {
            let head = &self.distiller.teacher.average;
            let ask = |gaze: bool| {
                self.probe.mean_dice(cases.clone().map(|case| {
                    self.progress.go_on()?;
                    let gaze = gaze.then(|| self.validation.gaze(case));
                    let text = self.validation.text[case].as_ref().filter(|_| !stage.labels);
                    let asked = Prompt { gaze, text };
                    predict_teacher(head, features, case, asked, 1, &self.device)
                }))
            };
            tried.teacher = ask(false)?;
            tried.teacher_with_gaze = if self.config.gaze_prompt() && !stage.labels { ask(true)? } else { None };
        }
        if stage.learner != Learner::Teacher {
            let now = self.student();
            tried.student = self.probe.mean_dice(cases.map(|case| {
                self.progress.go_on()?;
                predict_student(&now, features, case, 1, &self.device)
            }))?;
        }
        Ok(tried)
    }

    fn against(&self) -> &'static str {
        self.probe.against
    }

    fn uniform_truths(&self) -> Option<UniformTruths> {
        self.probe.uniform_truths()
    }

    fn keep_teacher(&self) -> Result<()> {
        let name = if self.labels { LABELS } else { "teacher" };
        save_best(&self.folder.path, name, &self.distiller.teacher.average)
    }

    fn keep_student(&self) -> Result<()> {
        let now = self.student();
        if let Some(backbone) = &now.backbone {
            save_best(&self.folder.path, "backbone", backbone)?;
        }
        if let Some(partner) = &now.partner {
            save_best(&self.folder.path, "partner", partner)?;
        }
        // The student needs them no more; a bundle's page shows with them how far its features follow the teacher's.
        if let Some(adapters) = &self.distiller.adapters {
            save_best(&self.folder.path, "adapters", &adapters.average)?;
        }
        save_best(&self.folder.path, "student", &now.head)
    }

    fn save(&self, files: &mut Files) -> Result<()> {
        checkpoint::save_distiller(files, &self.distiller)
    }
}
