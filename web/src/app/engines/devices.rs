//! Which device computes. Pure: the workers are started and ended by what [`Devices`] answers.

use crate::{
    protocol::{Backend, Report},
    text::{Message, message},
};

/// What the visitor asked for with `?device=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// Start on the CPU, try WebGPU in the background, keep the faster.
    #[default]
    Auto,
    /// The CPU and nothing else.
    Cpu,
    /// WebGPU, and the CPU only where there is none.
    WebGpu,
}

impl Wish {
    /// Reads the value of `?device=`.
    ///
    /// # Errors
    /// A value that is none of the three, with what is done instead.
    pub fn parse(value: Option<&str>) -> Result<Self, Message> {
        match value {
            None | Some("" | "auto") => Ok(Self::Auto),
            Some("cpu") => Ok(Self::Cpu),
            Some("webgpu") => Ok(Self::WebGpu),
            Some(other) => Err(message!("device-unknown", name = other)),
        }
    }
}

/// How far a device has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Status {
    /// Not tried.
    #[default]
    Untried,
    /// Its worker loads.
    Starting,
    /// It reproduces the reference.
    Ready(Report),
    /// It cannot be used, and why.
    Failed(Message),
}

impl Status {
    /// The report of a ready device.
    pub fn report(&self) -> Option<&Report> {
        if let Self::Ready(report) = self { Some(report) } else { None }
    }
}

/// What is to be done after something happened to a device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Orders {
    /// Start this device's worker.
    pub start: Option<Backend>,
    /// End this device's worker.
    pub stop: Option<Backend>,
    /// Hand the work to this device.
    pub switch: Option<Backend>,
    /// Tell the visitor.
    pub say: Option<Message>,
    /// The page has stopped, and why.
    pub fatal: Option<Message>,
}

/// How often the CPU's worker is started again after it has broken down.
const CPU_STARTS: u32 = 3;

/// The devices, the wish, and the choice.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    wish: Wish,
    cpu: Status,
    gpu: Status,
    active: Option<Backend>,
    cpu_starts: u32,
}

impl Devices {
    /// Devices to choose from by a wish.
    pub fn new(wish: Wish) -> Self {
        Self { wish, ..Self::default() }
    }

    /// The device that does the work.
    pub fn active(&self) -> Option<Backend> {
        self.active
    }

    /// How far a device has come.
    pub fn status(&self, backend: Backend) -> &Status {
        match backend {
            Backend::Cpu => &self.cpu,
            Backend::WebGpu => &self.gpu,
        }
    }

    fn status_mut(&mut self, backend: Backend) -> &mut Status {
        match backend {
            Backend::Cpu => &mut self.cpu,
            Backend::WebGpu => &mut self.gpu,
        }
    }

    /// The page begins: which device first.
    pub fn begin(&mut self) -> Orders {
        self.start(if self.wish == Wish::WebGpu { Backend::WebGpu } else { Backend::Cpu })
    }

    /// The first masks are on the screen and the engine rests: time to try the other device.
    pub fn at_rest(&mut self) -> Orders {
        let try_gpu = self.wish == Wish::Auto && self.active == Some(Backend::Cpu) && self.gpu == Status::Untried;
        if try_gpu { self.start(Backend::WebGpu) } else { Orders::default() }
    }

    fn start(&mut self, backend: Backend) -> Orders {
        self.cpu_starts += u32::from(backend == Backend::Cpu);
        *self.status_mut(backend) = Status::Starting;
        Orders { start: Some(backend), ..Orders::default() }
    }

    /// A device has loaded the model and checked itself.
    pub fn loaded(&mut self, report: Report) -> Orders {
        let backend = report.backend;
        if !report.passed {
            let why = message!("device-differs", difference = figure(report.max_abs_diff));
            return self.failed(backend, why);
        }
        let faster = self.cpu.report().is_none_or(|cpu| report.click_ms < cpu.click_ms);
        *self.status_mut(backend) = Status::Ready(report);
        match backend {
            Backend::WebGpu if self.wish == Wish::Auto && !faster => {
                Orders { stop: Some(Backend::WebGpu), ..Orders::default() }
            }
            _ => {
                let stop = self.active.filter(|a| *a != backend);
                self.active = Some(backend);
                Orders { switch: Some(backend), stop, ..Orders::default() }
            }
        }
    }

    /// A ready device has taken another model.
    pub fn reported(&mut self, report: Report) {
        let backend = report.backend;
        *self.status_mut(backend) = Status::Ready(report);
    }

    /// A device that is starting and not in charge has not been tried: says which to stop, if there is one.
    pub fn forget_starting(&mut self) -> Option<Backend> {
        let starting = |b: &Backend| *self.status(*b) == Status::Starting && self.active.is_some_and(|a| a != *b);
        let found = [Backend::Cpu, Backend::WebGpu].into_iter().find(starting)?;
        *self.status_mut(found) = Status::Untried;
        Some(found)
    }

    /// A device cannot be had, does not reproduce the reference, or has broken down.
    pub fn failed(&mut self, backend: Backend, why: Message) -> Orders {
        let was_active = self.active == Some(backend);
        *self.status_mut(backend) = Status::Failed(why.clone());
        if was_active {
            self.active = None;
        }
        let text = why.to_string();
        match backend {
            Backend::WebGpu if was_active || self.wish == Wish::WebGpu => {
                let say = message!("webgpu-unusable", why = text.trim_end_matches('.'));
                Orders { stop: Some(backend), say: Some(say), ..self.start(Backend::Cpu) }
            }
            Backend::WebGpu => Orders { stop: Some(backend), ..Orders::default() },
            Backend::Cpu if was_active && self.cpu_starts < CPU_STARTS => {
                let say = message!("engine-broke-down", why = text.trim_end_matches('.'));
                Orders { stop: Some(backend), say: Some(say), ..self.start(Backend::Cpu) }
            }
            Backend::Cpu => Orders { stop: Some(backend), fatal: Some(why), ..Orders::default() },
        }
    }
}

/// A small number as people write it: `0.02`, or `2.1 × 10⁻⁶`.
pub fn figure(value: f32) -> String {
    if value == 0.0 || value >= 0.01 || !value.is_finite() {
        return format!("{value:.2}");
    }
    let scientific = format!("{value:.1e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let superscript = |c: char| match c {
        '-' => '⁻',
        digit => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit.to_digit(10).unwrap_or(0) as usize],
    };
    format!("{mantissa} × 10{}", exponent.chars().map(superscript).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(backend: Backend, click_ms: f64, passed: bool) -> Report {
        Report { backend, adapter: String::new(), max_abs_diff: 1e-6, passed, embed_ms: 1.0, click_ms }
    }

    fn on_cpu() -> Devices {
        let mut devices = Devices::new(Wish::Auto);
        assert_eq!(devices.begin().start, Some(Backend::Cpu));
        assert_eq!(devices.loaded(report(Backend::Cpu, 10.0, true)).switch, Some(Backend::Cpu));
        assert_eq!(devices.at_rest().start, Some(Backend::WebGpu));
        assert_eq!(devices.at_rest(), Orders::default());
        devices
    }

    #[test]
    fn a_faster_gpu_takes_over_and_a_slower_one_is_let_go() {
        let mut devices = on_cpu();
        let orders = devices.loaded(report(Backend::WebGpu, 3.0, true));
        assert_eq!((orders.switch, orders.stop), (Some(Backend::WebGpu), Some(Backend::Cpu)));
        let mut devices = on_cpu();
        let orders = devices.loaded(report(Backend::WebGpu, 30.0, true));
        assert_eq!((orders.switch, orders.stop), (None, Some(Backend::WebGpu)));
        assert_eq!(devices.active(), Some(Backend::Cpu));
    }

    #[test]
    fn a_gpu_that_starts_while_the_model_changes_is_tried_again_later() {
        let mut devices = on_cpu();
        assert_eq!(devices.forget_starting(), Some(Backend::WebGpu));
        assert_eq!((devices.forget_starting(), devices.active()), (None, Some(Backend::Cpu)));
        devices.reported(report(Backend::Cpu, 20.0, true));
        assert_eq!(devices.status(Backend::Cpu).report().map(|r| r.click_ms), Some(20.0));
        assert_eq!(devices.at_rest().start, Some(Backend::WebGpu));
    }

    #[test]
    fn a_gpu_that_misses_the_reference_is_never_used() {
        let mut devices = on_cpu();
        let orders = devices.loaded(report(Backend::WebGpu, 0.1, false));
        assert_eq!((orders.switch, orders.say), (None, None));
        assert!(
            matches!(devices.status(Backend::WebGpu), Status::Failed(why) if why.to_string().contains("reference"))
        );
    }

    #[test]
    fn asking_for_webgpu_where_there_is_none_falls_back_and_says_so() {
        let mut devices = Devices::new(Wish::WebGpu);
        assert_eq!(devices.begin().start, Some(Backend::WebGpu));
        let orders = devices.failed(Backend::WebGpu, "no adapter".into());
        assert_eq!(orders.start, Some(Backend::Cpu));
        assert!(orders.say.map(|s| s.to_string()).is_some_and(|s| s.contains("no adapter") && s.contains("CPU")));
        assert_eq!(devices.loaded(report(Backend::Cpu, 10.0, true)).switch, Some(Backend::Cpu));
        assert_eq!(devices.at_rest(), Orders::default());
    }

    #[test]
    fn a_gpu_that_breaks_down_at_work_hands_over_to_the_cpu() {
        let mut devices = on_cpu();
        devices.loaded(report(Backend::WebGpu, 3.0, true));
        let orders = devices.failed(Backend::WebGpu, "device lost".into());
        assert_eq!((orders.start, devices.active()), (Some(Backend::Cpu), None));
    }

    #[test]
    fn the_cpu_is_started_again_a_few_times_only() {
        let mut devices = Devices::new(Wish::Cpu);
        devices.begin();
        for _ in 0..2 {
            devices.loaded(report(Backend::Cpu, 1.0, true));
            assert_eq!(devices.failed(Backend::Cpu, "panic".into()).start, Some(Backend::Cpu));
        }
        devices.loaded(report(Backend::Cpu, 1.0, true));
        assert_eq!(devices.failed(Backend::Cpu, "panic".into()).fatal, Some("panic".into()));
    }

    #[test]
    fn a_bad_bundle_is_fatal_at_once() {
        let mut devices = Devices::new(Wish::Auto);
        devices.begin();
        assert!(devices.failed(Backend::Cpu, "bundle file `x` is damaged".into()).fatal.is_some());
    }

    #[test]
    fn small_differences_are_readable() {
        assert_eq!((figure(0.0), figure(0.25)), ("0.00".to_string(), "0.25".to_string()));
        assert_eq!(figure(2.13e-6), "2.1 × 10⁻⁶");
        assert_eq!(figure(f32::INFINITY), "inf");
    }

    #[test]
    fn wishes_are_read_from_the_address() {
        assert_eq!(Wish::parse(None), Ok(Wish::Auto));
        assert_eq!(Wish::parse(Some("webgpu")), Ok(Wish::WebGpu));
        assert!(Wish::parse(Some("quantum")).is_err_and(|e| e.to_string().contains("quantum")));
    }
}
