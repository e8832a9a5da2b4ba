//! Getting a device, with the name that the browser gives it.

use burn::tensor::Device;

use crate::{
    protocol::Backend,
    text::{Message, message},
};

/// A device ready for tensors, and its name for the visitor.
///
/// # Errors
/// In plain words, where the browser or the driver gives no WebGPU device.
pub async fn open(backend: Backend) -> Result<(Device, String), Message> {
    match backend {
        Backend::Cpu => Ok((Device::flex(), "burn flex, one thread with SIMD".into())),
        Backend::WebGpu => {
            let (device, setup) = Device::wgpu_options()
                .init_with_setup_async()
                .await
                .map_err(|e| message!("webgpu-no-device", cause = e.to_string()))?;
            // Nobody else would notice before the next click, which would never be answered.
            setup.device.set_device_lost_callback(|_, why| super::give_up(lost(&why)));
            let info = setup.adapter.get_info();
            Ok((device, adapter_name(&info.name, &info.driver, &format!("{:?}", info.device_type))))
        }
    }
}

/// What the visitor is told of a device that the browser, its driver or a sleeping computer has taken away.
fn lost(why: &str) -> Message {
    match why.trim().trim_end_matches('.') {
        "" => message!("device-lost"),
        why => message!("device-lost-why", cause = why),
    }
}

/// Browsers leave out what they deem private, so the name is put together from what is there.
fn adapter_name(name: &str, driver: &str, kind: &str) -> String {
    let parts: Vec<&str> = [name, driver].into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() { format!("adapter without a name ({kind})") } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{adapter_name, lost};

    #[test]
    fn a_lost_device_is_said_with_its_cause_if_there_is_one() {
        assert_eq!(lost("").to_string(), "the graphics device was lost");
        assert_eq!(lost("GPU process crashed. ").to_string(), "the graphics device was lost (GPU process crashed)");
    }

    #[test]
    fn a_name_is_made_from_what_the_browser_tells() {
        assert_eq!(adapter_name("NVIDIA H200", "", "DiscreteGpu"), "NVIDIA H200");
        assert_eq!(adapter_name(" ", "", "Other"), "adapter without a name (Other)");
    }
}
