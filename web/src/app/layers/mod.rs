//! Which layers lie over the image, and how strongly they are filled.

use web_sys::{Document, Event, HtmlInputElement};

use super::{
    canvas::layers::{Layer, Layers},
    elements::{events::on, get},
    model::{Handle, Model},
    status::numbers::sentences,
};
use crate::text::say;

/// The feature: a switch and a slider a layer.
pub struct LayerPanel {
    inputs: Vec<(Layer, HtmlInputElement, HtmlInputElement)>,
}

impl LayerPanel {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        let of = |layer: Layer| {
            let input = |prefix| get(d, &format!("{prefix}-{}", layer.name()));
            Ok((layer, input("layer")?, input("opacity")?))
        };
        Ok(Self { inputs: Layer::ALL.into_iter().map(of).collect::<Result<_, String>>()? })
    }

    /// Takes the layers as the browser shows them.
    pub fn take(&self, model: &mut Model) {
        for (layer, switch, slider) in &self.inputs {
            model.layers.set(*layer, switch.checked());
            model.layers.set_opacity(*layer, slider.value_as_number() / 100.0);
        }
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        for (layer, switch, slider) in &self.inputs {
            let (of, input, layer) = (handle.clone(), switch.clone(), *layer);
            on(switch, "change", move |_: Event| of.update(|_, model| switch_layer(model, layer, input.checked())));
            let (of, input) = (handle.clone(), slider.clone());
            on(slider, "input", move |_: Event| {
                of.update(|_, model| model.layers.set_opacity(layer, input.value_as_number() / 100.0));
            });
        }
    }

    /// The layers as `index.html` has them, whatever the browser remembers of an earlier visit.
    pub fn first(&self) -> Layers {
        let mut layers = Layers::default();
        for (layer, switch, slider) in &self.inputs {
            layers.set(*layer, switch.has_attribute("checked"));
            let percent = slider.get_attribute("value").and_then(|v| v.parse::<f64>().ok()).unwrap_or_default();
            layers.set_opacity(*layer, percent / 100.0);
        }
        layers
    }

    /// Brings the inputs in line with the model.
    pub fn refresh(&self, model: &Model) {
        for (layer, switch, slider) in &self.inputs {
            if switch.checked() != model.layers.on(*layer) {
                switch.set_checked(model.layers.on(*layer));
            }
            let percent = format!("{:.0}", model.layers.opacity(*layer) * 100.0);
            if slider.value() != percent {
                slider.set_value(&percent);
            }
        }
    }
}

/// Switches a layer, and says so.
fn switch_layer(model: &mut Model, layer: Layer, on: bool) {
    model.layers.set(layer, on);
    let no_gaze = model.inputs.fixations().is_empty();
    let missing = match layer {
        Layer::Truth if on && model.found.truth.is_none() => say!("layer-unknown"),
        Layer::HighConfidence | Layer::Broad | Layer::Background | Layer::Heat if on && no_gaze => {
            say!("layer-needs-gaze")
        }
        _ => String::new(),
    };
    let title = layer.title();
    let done = if on { say!("layer-shown", layer = title) } else { say!("layer-hidden", layer = title) };
    model.say(sentences([&done, &missing]));
}
