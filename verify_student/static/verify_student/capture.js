// Makes a camera of each file field. What is taken is put into the field, and leaves the browser with the form only.
import { flaw } from "./light.js";

const LOOK_EVERY = 3000, MOST_PIXELS = 3_333_333; // Of three bytes each: 10 MB.
const form = document.querySelector("[data-capture]");
const sending = form.querySelector("[data-sending]");

// The sentence that the place has for the key; the same one again is not spoken again.
function say(place, key) {
  const text = key && (place.dataset[key] ?? place.dataset.failed);
  return place.textContent === text || place.replaceChildren(text);
}

function photo(section) {
  const find = (part) => section.querySelector(part);
  const [video, preview, input, status, error] = ["video", "canvas", "input", "[role=status]", "[role=alert]"].map(find);
  let camera = null, timer = 0;

  // The camera's light goes out, that of one too which has been asked for and comes only now.
  function stop(key = "") {
    clearInterval(timer);
    camera?.then((stream) => stream.getTracks().forEach((track) => track.stop()), () => {});
    camera = video.srcObject = null;
    section.dataset.state = input.files.length ? "taken" : "idle";
    say(status, key);
  }

  async function open() {
    stop("asking");
    try {
      const wanted = { facingMode: input.getAttribute("capture"), width: { ideal: 1920 }, height: { ideal: 1440 } };
      const mine = camera = navigator.mediaDevices.getUserMedia({ video: wanted });
      const stream = await mine;
      if (mine === camera) {
        video.srcObject = stream;
        stream.getVideoTracks()[0].onended = () => stop("lost");
        await video.play();
        section.dataset.state = "live";
        say(status, "live");
        timer = setInterval(() => say(status, flaw(video, video.videoWidth, video.videoHeight)), LOOK_EVERY);
        find("[data-act=take]").focus();
      }
    } catch ({ name }) {
      stop(name);
    }
  }

  // Drawn anew: small enough, of a format that everybody reads, and without the place where it was taken.
  async function keep(source, width, height) {
    const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
    [preview.width, preview.height] = [width * scale, height * scale];
    preview.getContext("2d").drawImage(source, 0, 0, preview.width, preview.height);
    const drawn = await new Promise((done) => preview.toBlob(done, "image/jpeg", 0.92));
    const holder = new DataTransfer();
    holder.items.add(new File([drawn], "photo.jpg", { type: drawn.type }));
    input.files = holder.files;
    say(error, "");
    stop("taken");
  }

  async function choose() {
    stop();
    try {
      await (input.files.length && createImageBitmap(input.files[0]).then((it) => keep(it, it.width, it.height)));
    } catch {
      input.value = "";
      stop();
      say(error, "unreadable");
    }
  }

  const take = () => keep(video, video.videoWidth, video.videoHeight).then(() => find("[data-next]").focus());
  const close = () => { stop(); find("[data-act=open]").focus(); };
  section.addEventListener("click", ({ target }) => ({ open, take, close })[target.dataset.act]?.());
  input.addEventListener("change", choose);
  choose(); // Some browsers remember files.
  return stop;
}

const stops = [...form.querySelectorAll("[data-photo]")].map(photo);
form.noValidate = true;
form.dataset.step = "face";
form.addEventListener("htmx:beforeRequest", () => say(sending, "sending"));
form.addEventListener("htmx:afterRequest", ({ detail }) => say(sending, detail.successful ? "" : "failed"));
addEventListener("hashchange", () => {
  const step = form.querySelector(location.hash ? ".proctoring-step:target" : "#face");
  stops.forEach((stop) => step && stop());
  form.dataset.step = step?.id ?? form.dataset.step;
  step?.focus();
  // Whoever comes to a step sees to the photos before it first.
  const missing = form.querySelector("[data-state=idle]:not([data-optional]):has(~ :target)");
  return missing && location.replace(`#${missing.id}`);
});
location.hash && dispatchEvent(new Event("hashchange"));
