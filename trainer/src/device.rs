//! `--device auto|wgpu|cpu`: which device computes, and its name for people and for results.

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use burn_wgpu::WgpuDevice;
use clap::ValueEnum;

/// The device a command was asked to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// A hardware GPU where there is one, else the CPU. Software rasterisers do not count as a GPU: they are far slower
    /// than the CPU backend.
    #[default]
    Auto,
    /// wgpu (Vulkan, Metal or DirectX 12), on whatever adapter it finds, software ones included.
    Wgpu,
    /// burn's flex CPU backend: bit-identical from run to run.
    Cpu,
}

/// A device ready for use, and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// For burn.
    pub(crate) device: Device,
    /// `cpu`, or `wgpu: <adapter name> (<api>)`.
    pub(crate) name: String,
}

impl DeviceChoice {
    /// Opens the device.
    ///
    /// # Errors
    /// `wgpu` without any adapter.
    pub(crate) fn open(self) -> Result<Opened> {
        let cpu = || Opened { device: Device::flex(), name: "cpu (burn flex)".into() };
        if self == Self::Cpu {
            return Ok(cpu());
        }
        let adapter = adapter();
        match (self, adapter) {
            (Self::Auto, Some(info)) if info.device_type == wgpu::DeviceType::Cpu => Ok(cpu()),
            (Self::Auto, None) => Ok(cpu()),
            (_, Some(info)) => {
                let device = Device::wgpu_options()
                    .init()
                    .with_context(|| format!("the adapter `{}` could not be opened", info.name))?;
                Ok(Opened { device, name: format!("wgpu: {} ({})", info.name, info.backend) })
            }
            (_, None) => bail!(
                "no GPU adapter was found. Install a Vulkan driver (on Debian: mesa-vulkan-drivers libvulkan1), \
                 or run with `--device cpu`"
            ),
        }
    }
}

/// The adapter that wgpu would use.
fn adapter() -> Option<wgpu::AdapterInfo> {
    let instance = wgpu::Instance::default();
    let options =
        wgpu::RequestAdapterOptions { power_preference: wgpu::PowerPreference::HighPerformance, ..Default::default() };
    let adapter = pollster::block_on(instance.request_adapter(&options)).ok()?;
    log::debug!("wgpu offers {:?}; burn's default is {:?}", adapter.get_info(), WgpuDevice::default());
    Some(adapter.get_info())
}
