// Zooms the photo above each slider around the middle of what is seen, and lets single keys act while they may.
// Without it both photos are seen as a whole.
const SWITCH = "verify_student.review.keys";
const STEP = { "+": 50, "-": -50, 0: -Infinity };
const sliders = [...document.querySelectorAll(".review-photos input[type=range]")];
const keys = document.querySelector("[data-keys-switch]");

function middle(frame) {
    return [
        (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth,
        (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight,
    ];
}

function zoom(slider) {
    const figure = slider.closest("figure");
    const frame = figure.querySelector(".review-frame");
    const [x, y] = middle(frame);
    frame.querySelector("img").style.setProperty("--zoom", slider.value / 100);
    figure.querySelector("output").textContent = `${slider.value} %`;
    frame.scrollTo(x * frame.scrollWidth - frame.clientWidth / 2, y * frame.scrollHeight - frame.clientHeight / 2);
}

// A decision takes a second key: the first one only leads to its button.
function act(key) {
    const found = document.querySelector(`.review [aria-keyshortcuts="${CSS.escape(key)}"]`);
    if (found) {
        found.focus();
        return found.matches("button") || found.click();
    }
    return key in STEP && sliders.forEach((slider) => {
        slider.value = Math.max(Number(slider.min), Number(slider.value) + STEP[key]);
        zoom(slider);
    });
}

sliders.forEach((slider) => slider.addEventListener("input", () => zoom(slider)));
keys.checked = localStorage.getItem(SWITCH) !== "off";
keys.addEventListener("change", () => localStorage.setItem(SWITCH, keys.checked ? "on" : "off"));
document.addEventListener("keydown", ({ key, target, ctrlKey, altKey, metaKey }) => {
    const types = target.matches("textarea, select, input:not([type=checkbox], [type=range])");
    return keys.checked && !types && !ctrlKey && !altKey && !metaKey && act(key);
});
