#![allow(clippy::unwrap_used)]
use super::*;
use crate::{
    description::{Field, Modality, Source},
    model::weights::Precision,
};

fn field(field: Field, classes: &[&str], shown: bool) -> FieldCard {
    FieldCard {
        field,
        classes: classes.iter().map(ToString::to_string).collect(),
        temperature: 1.0,
        threshold: 0.5,
        shown,
        majority: classes[0].into(),
        test: None,
    }
}

fn card() -> DescriberCard {
    DescriberCard {
        format: DESCRIBER_FORMAT,
        modality: Modality::Polyp,
        source: Source::Distilled("llava".into()),
        caveat: "a caveat".into(),
        inputs: DESCRIBER_INPUTS,
        hidden: 6,
        fields: vec![
            field(Field::Size, &["small", "large"], true),
            field(Field::Shape, &["round", "oval", "irregular"], true),
            field(Field::Colour, &["pink", "red"], false),
        ],
        training: serde_json::json!({ "seed": 1 }),
    }
}

fn statistics() -> (Vec<f32>, Vec<f32>) {
    (0..DESCRIBER_INPUTS).map(|i| ((i % 7) as f32 / 8.0 - 0.25, 0.5 + (i % 3) as f32 / 4.0)).unzip()
}

fn input() -> Vec<f32> {
    (0..DESCRIBER_INPUTS).map(|i| (i * 37 % 101) as f32 / 50.0 - 1.0).collect()
}

#[test]
fn what_is_saved_is_what_is_loaded() {
    let device = Device::flex();
    let (mean, scale) = statistics();
    let card = card();
    let net = DescriberNet::new(&mean, &scale, card.hidden, card.words(), 5, &device);
    let json = serde_json::to_vec(&card).unwrap();
    let read = |precision| {
        let bytes = weights::save(&net, precision).unwrap();
        let describer = Describer::load(bytes, &json, &device).unwrap();
        assert_eq!(describer.card(), &card);
        now(describer.answers(&input())).unwrap()
    };
    let logits = net.forward(Tensor::from_data(TensorData::new(input(), [1, DESCRIBER_INPUTS]), &device), None);
    let logits = logits.into_data().try_to_vec::<f32>().unwrap();
    assert_eq!(logits.len(), 7);
    assert_eq!(read(Precision::Full), card.answers(&logits).unwrap());
    for (half, full) in read(Precision::Half).iter().zip(read(Precision::Full)) {
        assert_eq!((&half.word, half.said), (&full.word, full.said));
        assert!((half.confidence - full.confidence).abs() < 5e-3, "{half:?} {full:?}");
    }
}

/// Runs a future that is ready at once, as those of the CPU backend are.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the CPU backend made somebody wait"),
    }
}

#[test]
fn the_seed_draws_the_network() {
    let device = Device::flex();
    let (mean, scale) = statistics();
    let bytes = |seed| weights::save(&DescriberNet::new(&mean, &scale, 6, 7, seed, &device), Precision::Full).unwrap();
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

#[test]
fn only_shown_and_sure_fields_are_said() {
    let card = card();
    // Size: sure. Shape: 3 words, the best below one half. Colour: sure and hidden.
    let answers = card.answers(&[0.0, 3.0, 0.2, 0.0, 0.1, 9.0, 0.0]).unwrap();
    let said: Vec<_> = answers.iter().map(|a| (a.field, a.word.as_str(), a.said)).collect();
    assert_eq!(said, [(Field::Size, "large", true), (Field::Shape, "round", false), (Field::Colour, "pink", false)]);
    let description = card.description(&answers).unwrap();
    assert_eq!(description.iter().map(|(f, w)| (f, w.name)).collect::<Vec<_>>(), [(Field::Size, "large")]);
    assert_eq!(description.source.to_string(), "distilled:llava");
    assert!((description.confidence - 1.0 / (1.0 + (-3.0f32).exp())).abs() < 1e-6);
    let silent = card.description(&card.answers(&[0.0; 7]).unwrap()).unwrap();
    assert!(silent.get(Field::Shape).is_none() && silent.get(Field::Size).is_some(), "one half reaches the threshold");
    assert!(card.answers(&[0.0; 6]).is_err() && card.answers(&[f32::NAN; 7]).is_err());
}

#[test]
fn temperature_softens_and_keeps_the_order() {
    let mut card = card();
    let sure = card.answers(&[0.0, 3.0, 0.2, 0.0, 0.1, 9.0, 0.0]).unwrap();
    card.fields.iter_mut().for_each(|f| f.temperature = 3.0);
    let soft = card.answers(&[0.0, 3.0, 0.2, 0.0, 0.1, 9.0, 0.0]).unwrap();
    assert!(sure.iter().zip(&soft).all(|(a, b)| a.word == b.word && a.confidence > b.confidence));
    let sum: f32 = softmax(&[1.0, -2.0, 700.0], 0.5).iter().sum();
    assert!((sum - 1.0).abs() < 1e-6);
}

#[test]
fn wrong_files_are_named() {
    let device = Device::flex();
    let (mean, scale) = statistics();
    let good = serde_json::to_vec(&card()).unwrap();
    let bytes = weights::save(&DescriberNet::new(&mean, &scale, 6, 7, 1, &device), Precision::Half).unwrap();
    let load = |bytes: &[u8], card: &[u8]| Describer::load(bytes.to_vec(), card, &device).unwrap_err().to_string();
    assert!(load(b"no", &good).contains("describer.safetensors"));
    assert!(load(&bytes, b"{}").contains("format"));
    let changed = |change: fn(&mut DescriberCard)| {
        let mut card = card();
        change(&mut card);
        load(&bytes, &serde_json::to_vec(&card).unwrap())
    };
    assert!(changed(|c| c.fields[0].classes[0] = "huge".into()).contains("`huge` is not a word of the field `size`"));
    assert!(changed(|c| c.fields[1].temperature = 0.0).contains("`shape`"));
    assert!(changed(|c| c.inputs = 3).contains("3 inputs"));
    assert!(changed(|c| c.hidden = 7).contains("describer.safetensors"));
    assert!(changed(|c| c.fields[0].field = Field::Asymmetry).contains("no field `asymmetry`"));
    let describer = Describer::load(bytes.clone(), &good, &device).unwrap();
    assert!(now(describer.answers(&[0.0; 3])).unwrap_err().to_string().contains("3 inputs"));
}

#[test]
fn an_image_gets_words() {
    let device = Device::flex();
    let (mean, scale) = statistics();
    let card = DescriberCard {
        fields: card().fields.into_iter().map(|f| FieldCard { threshold: 0.0, shown: true, ..f }).collect(),
        ..card()
    };
    let net = DescriberNet::new(&mean, &scale, card.hidden, card.words(), 5, &device);
    let bytes = weights::save(&net, Precision::Half).unwrap();
    let describer = Describer::load(bytes, &serde_json::to_vec(&card).unwrap(), &device).unwrap();
    let level = |i: usize| {
        use crate::model::{CHANNELS, SIDES};
        Tensor::<4>::ones([1, CHANNELS[i], SIDES[i], SIDES[i]], &device).mul_scalar(0.1 * i as f32)
    };
    let pyramid = crate::model::Pyramid { levels: [level(0), level(1), level(2), level(3)] };
    let features = now(PlainPyramid::read(&pyramid)).unwrap();
    let mask = Plane::filled(28, 28, 0.3).sigmoid();
    let description = now(describer.describe(&features, &mask, None)).unwrap();
    assert_eq!(description.iter().count(), 3);
    assert_eq!(description.modality, Modality::Polyp);
}
