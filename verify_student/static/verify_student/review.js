// Zooms the photo above each slider around the middle of what is seen; without it both photos are seen as a whole.
function middle(frame) {
    return [
        (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth,
        (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight,
    ];
}

for (const figure of document.querySelectorAll(".review-photos figure")) {
    const slider = figure.querySelector("input[type=range]");
    if (!slider) {
        continue;
    }
    const frame = figure.querySelector(".review-frame");
    const shown = figure.querySelector("output");
    slider.addEventListener("input", () => {
        const [x, y] = middle(frame);
        frame.querySelector("img").style.setProperty("--zoom", slider.value / 100);
        shown.textContent = `${slider.value} %`;
        frame.scrollTo(x * frame.scrollWidth - frame.clientWidth / 2, y * frame.scrollHeight - frame.clientHeight / 2);
    });
}
