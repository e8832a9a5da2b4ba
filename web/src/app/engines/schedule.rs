//! What the engine is to do next. The newest wish wins and nothing waits in a queue. Pure: no browser in here.

/// Work for an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Take the model of another domain.
    Model,
    /// Open this image.
    Open(u64),
    /// Look at the open image with the gaze and the words of this revision.
    Look(u64),
    /// Draw the outline of the student at this place.
    Student(usize),
    /// Describe the open image.
    Describe,
    /// Make the pseudo-masks of this revision.
    Masks(u64),
    /// Simulate gaze: number of the simulation.
    Gaze(u64),
    /// Write a mask: number of the wish.
    Export(u64),
    /// Compare students: version of the question.
    Compare(u64),
    /// Set students up to learn: version of the settings.
    Learn(u64),
    /// Let them take a step.
    LearnStep,
    /// Measure how like the open image is to what other bundles have learnt from.
    Resemble,
    /// The next task of a lesson in which a network is taught.
    Teach,
}

/// Compares what is wanted with what the engine has done, one job at a time.
///
/// Any number of clicks may come while a job runs: only the state after the last one is asked for when the engine is free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    wanted_image: Option<u64>,
    wanted_look: u64,
    open_image: Option<u64>,
    seen_look: Option<u64>,
    wanted_model: bool,
    wanted_student: Option<usize>,
    wanted_description: bool,
    wanted_masks: bool,
    made_masks: Option<u64>,
    wanted_gaze: Option<u64>,
    wanted_export: Option<u64>,
    wanted_comparison: Option<u64>,
    made_comparison: Option<u64>,
    wanted_learners: Option<u64>,
    ready_learners: Option<u64>,
    wanted_steps: bool,
    wanted_teaching: bool,
    wanted_resemblance: bool,
    running: Option<Job>,
}

impl Schedule {
    /// Wishes for an image.
    pub fn want_image(&mut self, image: u64) {
        self.wanted_image = Some(image);
    }

    /// Wishes for a look with the gaze and the words of this revision.
    pub fn want_look(&mut self, revision: u64) {
        self.wanted_look = revision;
    }

    /// Wishes for the model of another domain. It goes before everything else.
    pub fn want_model(&mut self) {
        self.wanted_model = true;
    }

    /// Wishes for the outline of a student on the wanted image, or not any more: the one that is open when an image opens needs none.
    pub fn want_student(&mut self, place: Option<usize>) {
        self.wanted_student = place;
    }

    /// Nothing is open any more, and nothing on it is wanted.
    pub fn forget_image(&mut self) {
        let Self { wanted_look, wanted_model, wanted_masks, wanted_comparison, .. } = *self;
        *self = Self { wanted_look, wanted_model, wanted_masks, wanted_comparison, ..Self::default() };
    }

    /// Wishes for simulated gaze on the wanted image, or not any more.
    pub fn want_gaze(&mut self, number: Option<u64>) {
        self.wanted_gaze = number;
    }

    /// Wishes for a mask as a file, or not any more.
    pub fn want_export(&mut self, number: Option<u64>) {
        self.wanted_export = number;
    }

    /// Wishes for a comparison of students, with a number that grows when anything about it changes; or not any more.
    pub fn want_comparison(&mut self, version: Option<u64>) {
        self.wanted_comparison = version;
    }

    /// Wishes for students that learn on the wanted image, with a number that grows when they are to start again; or not any more.
    pub fn want_learners(&mut self, version: Option<u64>) {
        self.wanted_learners = version;
    }

    /// Wishes that they go on learning, or not. A step comes when there is nothing else to do.
    pub fn want_steps(&mut self, wanted: bool) {
        self.wanted_steps = wanted;
    }

    /// Wishes for the next task of a lesson, or not.
    pub fn want_teaching(&mut self, wanted: bool) {
        self.wanted_teaching = wanted;
    }

    /// Wishes to know how like the open image is to what other bundles have learnt from, or not.
    pub fn want_resemblance(&mut self, wanted: bool) {
        self.wanted_resemblance = wanted;
    }

    /// Whether the learners of this number are ready.
    pub fn learners_ready(&self, version: u64) -> bool {
        self.ready_learners == Some(version)
    }

    /// Wishes for a description of the wanted image, or not any more. It is made after a look.
    pub fn want_description(&mut self, wanted: bool) {
        self.wanted_description = wanted;
    }

    /// Wishes for pseudo-masks beside every look, or not any more. They come last: a new look goes first.
    pub fn want_masks(&mut self, wanted: bool) {
        self.wanted_masks = wanted;
    }

    /// The job to hand to the engine now, if it is free and has something to do. The job counts as running from now on.
    pub fn next_job(&mut self) -> Option<Job> {
        if self.running.is_some() {
            return None;
        }
        if self.wanted_model {
            self.wanted_model = false;
            self.running = Some(Job::Model);
            return self.running;
        }
        let Some(wanted) = self.wanted_image else {
            // Pictures of a lesson come by themselves.
            self.running = self.wanted_teaching.then_some(Job::Teach);
            return self.running;
        };
        self.running = if self.open_image != Some(wanted) {
            Some(Job::Open(wanted))
        } else if self.seen_look != Some(self.wanted_look) {
            Some(Job::Look(self.wanted_look))
        } else if let Some(number) = self.wanted_gaze {
            Some(Job::Gaze(number))
        } else if let Some(number) = self.wanted_export {
            Some(Job::Export(number))
        } else if let Some(place) = self.wanted_student {
            Some(Job::Student(place))
        } else if self.wanted_resemblance {
            Some(Job::Resemble)
        } else if self.wanted_description {
            Some(Job::Describe)
        } else if self.wanted_masks && self.made_masks != Some(self.wanted_look) {
            Some(Job::Masks(self.wanted_look))
        } else if let Some(version) = self.wanted_comparison.filter(|_| self.made_comparison != self.wanted_comparison)
        {
            Some(Job::Compare(version))
        } else if let Some(version) = self.wanted_learners.filter(|_| self.ready_learners != self.wanted_learners) {
            Some(Job::Learn(version))
        } else if self.wanted_teaching {
            Some(Job::Teach)
        } else if self.wanted_steps && self.wanted_learners.is_some() {
            Some(Job::LearnStep)
        } else {
            None
        };
        self.running
    }

    /// The running job, if any.
    pub fn running(&self) -> Option<Job> {
        self.running
    }

    /// Whether something is at work that the visitor waits for; students that learn go on by
    /// themselves, and nobody has asked what an image is like.
    pub fn busy(&self) -> bool {
        self.running.is_some_and(|job| !matches!(job, Job::LearnStep | Job::Teach | Job::Resemble))
    }

    /// The image that the engine has open.
    pub fn open_image(&self) -> Option<u64> {
        self.open_image
    }

    /// The running job is done.
    pub fn finish(&mut self) -> Option<Job> {
        let job = self.running.take();
        match job {
            Some(Job::Open(image)) => {
                (self.open_image, self.seen_look, self.made_masks) = (Some(image), None, None);
                (self.made_comparison, self.ready_learners) = (None, None);
            }
            Some(Job::Student(place)) => self.wanted_student = self.wanted_student.filter(|p| *p != place),
            Some(Job::Look(revision)) => self.seen_look = Some(revision),
            Some(Job::Describe) => self.wanted_description = false,
            Some(Job::Gaze(number)) => self.wanted_gaze = self.wanted_gaze.filter(|n| *n != number),
            Some(Job::Export(number)) => self.wanted_export = self.wanted_export.filter(|n| *n != number),
            Some(Job::Masks(revision)) => self.made_masks = Some(revision),
            Some(Job::Compare(version)) => self.made_comparison = Some(version),
            Some(Job::Learn(version)) => self.ready_learners = Some(version),
            Some(Job::LearnStep | Job::Model | Job::Teach | Job::Resemble) | None => {}
        }
        job
    }

    /// The running job cannot be done: it is not tried again, and an image that was open stays.
    pub fn give_up(&mut self) -> Option<Job> {
        let job = self.running.take();
        match job {
            Some(Job::Open(image)) if self.wanted_image == Some(image) => self.wanted_image = self.open_image,
            Some(Job::Look(revision)) => self.seen_look = Some(revision),
            Some(Job::Student(place)) => self.wanted_student = self.wanted_student.filter(|p| *p != place),
            Some(Job::Describe) => self.wanted_description = false,
            Some(Job::Gaze(number)) => self.wanted_gaze = self.wanted_gaze.filter(|n| *n != number),
            Some(Job::Export(number)) => self.wanted_export = self.wanted_export.filter(|n| *n != number),
            Some(Job::Masks(revision)) => self.made_masks = Some(revision),
            Some(Job::Compare(version)) => self.made_comparison = Some(version),
            Some(Job::Learn(_)) => (self.wanted_learners, self.wanted_steps) = (None, false),
            Some(Job::LearnStep) => self.wanted_steps = false,
            _ => {}
        }
        job
    }

    /// Another engine takes over, or a new one has to start again: it has nothing open.
    pub fn restart(&mut self) {
        let now = self.clone();
        *self = Self {
            wanted_image: now.wanted_image,
            wanted_look: now.wanted_look,
            wanted_model: now.wanted_model,
            wanted_description: now.wanted_description,
            wanted_masks: now.wanted_masks,
            wanted_comparison: now.wanted_comparison,
            wanted_learners: now.wanted_learners,
            wanted_steps: now.wanted_steps,
            wanted_teaching: now.wanted_teaching,
            wanted_resemblance: now.wanted_resemblance,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests;
