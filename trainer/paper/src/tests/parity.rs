//! The same numbers as the reference in PyTorch and MONAI.

use std::collections::BTreeMap;

use burn::{
    module::{Module, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::{Device, Tensor},
};

use super::golden::{Case, Sampled, formula, golden, nan_is_far, uniform};
use crate::{PaperConfig, PaperLook, PaperStudent, PaperTeacher};

/// Of logits and features.
const TOLERANCE: f64 = 1e-4;

fn compare(name: &str, look: &PaperLook, logits: &Sampled, features: &[Sampled; 4]) {
    let far = logits.deviation(&look.logits);
    let levels: Vec<f64> = features.iter().zip(&look.features).map(|(golden, found)| golden.deviation(found)).collect();
    let shown: Vec<String> = levels.iter().map(|far| format!("{far:.1e}")).collect();
    println!("{name}: logits {far:.1e}, features {}", shown.join(" "));
    assert!(far < TOLERANCE, "{name}: logits deviate by {far}");
    assert!(levels.iter().all(|far| *far < TOLERANCE), "{name}: features deviate by {levels:?}");
}

/// Names, shapes and number of parameters, and the outputs in use.
fn check_in_use(case: &Case, device: &Device) {
    let config = case.config();
    let (look, count) = if config.text > 0 {
        let mut teacher = PaperTeacher::new(&config, 1, device);
        case.fill(&mut teacher);
        (teacher.forward(case.image(device), &case.text(device)), trainable(&teacher))
    } else {
        let mut student = PaperStudent::new(&config, 1, device);
        case.fill(&mut student);
        let look = student.forward(case.image(device));
        let alone = student.logits(case.image(device)).into_data();
        assert_eq!(alone, look.logits.to_data(), "the logits do not depend on the layers for AFC");
        (look, trainable(&student))
    };
    assert_eq!(count, case.parameters, "{}", case.name);
    compare(&case.name, &look, &case.logits, &case.features);
}

/// burn counts running statistics too, PyTorch does not.
fn trainable<M: Module>(module: &M) -> usize {
    module.num_params() - Named::of(module).running
}

/// Every float tensor's name, and how many values running statistics have.
#[derive(Default)]
struct Named {
    path: Vec<String>,
    running: usize,
}

impl Named {
    fn of<M: Module>(module: &M) -> Self {
        let mut named = Self::default();
        module.visit(&mut named);
        named
    }
}

impl ModuleVisitor for Named {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.path.last().is_some_and(|name| name.starts_with("running_")) {
            self.running += param.val().shape().num_elements();
        }
    }
}

#[test]
fn the_released_networks_have_as_many_parameters() {
    let device = Device::flex();
    let counts = golden().counts;
    let config = PaperConfig::default();
    assert_eq!(trainable(&PaperTeacher::new(&config, 1, &device)), counts.teacher_text_384);
    let with_roberta = PaperConfig { text: 768, ..config.clone() };
    assert_eq!(trainable(&PaperTeacher::new(&with_roberta, 1, &device)), counts.teacher_text_768);
    let student = PaperStudent::new(&config, 1, &device);
    assert_eq!(trainable(&student), counts.student);
    assert_eq!(student.num_params_at_inference(), counts.student_at_inference);
}

#[test]
fn the_full_teacher_gives_the_references_logits() {
    check_in_use(&golden().cases[0], &Device::flex());
}

#[test]
fn the_full_student_gives_the_references_logits() {
    check_in_use(&golden().cases[1], &Device::flex());
}

#[test]
fn odd_sides_and_empty_texts_give_the_references_logits() {
    check_in_use(&golden().cases[2], &Device::flex());
    check_in_use(&golden().cases[3], &Device::flex());
}

/// The loss of the reference: every output, each place with a weight of its own.
fn loss(look: &PaperLook) -> Tensor<1> {
    let device = look.logits.device();
    let term = |name: &str, x: &Tensor<4>| {
        let weight = formula(name, x.dims(), 1.0, &device);
        (x.clone() * weight).sum().div_scalar((x.shape().num_elements() as f64).sqrt())
    };
    let features = look.features.iter().enumerate().map(|(i, x)| term(&format!("loss.features.{i}"), x));
    features.fold(term("loss.logits", &look.logits), |sum, x| sum + x)
}

/// Norm and golden product of each parameter's gradient, by name.
struct Collect<'a> {
    gradients: &'a GradientsParams,
    path: Vec<String>,
    found: BTreeMap<String, Option<(f64, f64)>>,
}

impl ModuleVisitor for Collect<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let name = self.path.join(".");
        if name.contains("running_") {
            return;
        }
        let sums = self.gradients.get::<D>(param.id).map(|gradient| {
            let values = gradient.into_data().try_to_vec::<f32>().unwrap();
            let norm = values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            let pattern = uniform(&format!("gradient.{name}"), values.len());
            (norm, values.iter().zip(pattern).map(|(v, u)| f64::from(*v) * f64::from(u as f32)).sum())
        });
        self.found.insert(name, sums);
    }
}

fn gradients<M: Module>(module: &M, look: &PaperLook) -> BTreeMap<String, Option<(f64, f64)>> {
    let gradients = GradientsParams::from_grads(loss(look).backward(), module);
    let mut collect = Collect { gradients: &gradients, path: Vec::new(), found: BTreeMap::new() };
    module.visit(&mut collect);
    collect.found
}

/// What no gradient reaches by nature in training: the next batch norm subtracts whatever moves a
/// whole channel (the bias of the convolution before it, the shift of a norm before that with no
/// ReLU between), and a key's bias moves all logits of a query alike.
fn cancels(name: &str, student: bool) -> bool {
    let before_norm = (name.starts_with("project.") || name.starts_with("adapt.")) && name.ends_with("conv.bias");
    let shift = if student { name.ends_with("second.norm.beta") } else { name.ends_with("norm.beta") };
    let projected = name.starts_with(if student { "project." } else { "fusion." });
    before_norm || (projected && shift) || name.ends_with(".key.bias")
}

/// Batch statistics in the batch norms, and the gradient of every parameter.
fn check_training(case: &Case) {
    let device = Device::flex().autodiff();
    let golden = case.train.as_ref().unwrap();
    let config = case.config();
    let (look, found) = if config.text > 0 {
        let mut teacher = PaperTeacher::new(&config, 1, &device);
        case.fill(&mut teacher);
        let look = teacher.forward(case.image(&device), &case.text(&device));
        let found = gradients(&teacher, &look);
        (look, found)
    } else {
        let mut student = PaperStudent::new(&config, 1, &device);
        case.fill(&mut student);
        let look = student.forward(case.image(&device));
        let found = gradients(&student, &look);
        (look, found)
    };
    compare(&format!("{}, training", case.name), &look, &golden.logits, &golden.features);
    assert_eq!(found.len(), golden.gradients.len());
    let mut worst = 0.0;
    for (name, norm, product) in &golden.gradients {
        let (found_norm, found_product) = found[name].unwrap_or_else(|| panic!("no gradient reaches {name}"));
        if cancels(name, config.text == 0) {
            assert!(*norm < 1e-4 && found_norm < 1e-4, "{name}: {found_norm}, reference {norm}");
            continue;
        }
        assert!(*norm > 1e-3, "{name}: the reference's gradient is hardly there, {norm}");
        let far = ((found_norm - norm).abs().max((found_product - product).abs())) / norm;
        worst = nan_is_far(worst, far);
        assert!(far < 1e-3, "{name}: {found_norm} and {found_product} instead of {norm} and {product}");
    }
    println!("{}: gradients deviate by {worst:.1e} of their norm", case.name);
}

#[test]
fn training_gives_the_references_features_and_gradients() {
    check_training(&golden().cases[2]);
    check_training(&golden().cases[3]);
}
