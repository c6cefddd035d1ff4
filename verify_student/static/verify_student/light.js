// Whether a live picture is dark or not sharp, by rules of thumb: a hint for whoever holds the camera.
const WIDTH = 240, HEIGHT = 180, DARK = 60, SHARP = 25;
const pen = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d", { willReadFrequently: true });
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// The middle of the picture counts: there is the face, or the ID. The Laplacian of a sharp one varies.
export function flaw(source, width, height) {
  pen.drawImage(source, width / 4, height / 4, width / 2, height / 2, 0, 0, WIDTH, HEIGHT);
  const { data } = pen.getImageData(0, 0, WIDTH, HEIGHT);
  const light = Float32Array.from({ length: WIDTH * HEIGHT }, (_, at) =>
    0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]);
  const edges = light.subarray(WIDTH + 1, -WIDTH - 1).map((value, at) =>
    light[at + 1] + light[at + WIDTH] + light[at + WIDTH + 2] + light[at + 2 * WIDTH + 1] - 4 * value);
  const sharpness = mean(edges.map((edge) => edge ** 2)) - mean(edges) ** 2;
  return mean(light) < DARK ? "dark" : sharpness < SHARP ? "blurred" : "clear";
}
