// A picture from the camera as the visitor's own image: it is handed to the input for files, as if it had been chosen there, and goes
// nowhere else. The button stays hidden where the browser has no camera to ask for (an old one, or a page that is not served securely).

const media = navigator.mediaDevices;
const by = (id) => document.getElementById(`camera-${id}`);
const dialog = document.getElementById("camera");
const view = by("view");
const TYPE = "image/jpeg";
const QUALITY = 0.95;

let stream;
let facing = "environment"; // the one that looks away from the visitor, where there are two

const say = (state) => (by("said").dataset.state = state);

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  view.srcObject = null;
  by("take").disabled = true;
}

async function start() {
  stop();
  say("waiting");
  try {
    const asked = await media.getUserMedia({ audio: false, video: { facingMode: facing, width: { ideal: 1920 }, height: { ideal: 1080 } } });
    if (!dialog.open) return asked.getTracks().forEach((track) => track.stop()); // closed meanwhile
    stream = asked;
    view.srcObject = stream;
    await view.play();
    say("ready");
    by("take").disabled = false;
    const cameras = (await media.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    by("other").hidden = cameras.length < 2;
  } catch (error) {
    if (dialog.open) say(error.name === "NotAllowedError" ? "refused" : "none");
  }
}

function take() {
  const canvas = document.createElement("canvas");
  canvas.width = view.videoWidth;
  canvas.height = view.videoHeight;
  canvas.getContext("2d").drawImage(view, 0, 0);
  canvas.toBlob((blob) => {
    dialog.close();
    const files = new DataTransfer();
    files.items.add(new File([blob], "camera.jpg", { type: TYPE }));
    const input = document.getElementById("file");
    input.files = files.files;
    input.dispatchEvent(new Event("change"));
  }, TYPE, QUALITY);
}

if (media?.getUserMedia && dialog.showModal) {
  by("open").hidden = false;
  by("open").addEventListener("click", () => {
    dialog.showModal();
    start();
  });
  by("take").addEventListener("click", take);
  by("close").addEventListener("click", () => dialog.close());
  by("other").addEventListener("click", () => {
    facing = facing === "user" ? "environment" : "user";
    start();
  });
  dialog.addEventListener("close", stop); // the camera's lamp goes out with the dialog
}
