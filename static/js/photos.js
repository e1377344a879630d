// Large photographs, made smaller before they are sent. Loaded by upload.js.

const TYPES = ["image/jpeg", "image/png", "image/webp"];
const LARGE_BYTES = 3 * 1024 * 1024;
const LARGE_SIDE = 3000;
const SIDE = 2560;
const QUALITY = 0.85;
const BYTES_PER_PIXEL = 0.25; // of a photograph at this quality, roughly

function scaleOf({ width, height }) {
  return Math.min(1, SIDE / Math.max(width, height));
}

// How many bytes the file would have, roughly; null where making it smaller is not worth it.
export async function smallerSize(file) {
  if (!TYPES.includes(file.type)) return null;
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null; // broken, or too large for this device: the server will tell
  }
  const { width, height } = picture;
  picture.close();
  if (file.size <= LARGE_BYTES && Math.max(width, height) <= LARGE_SIDE) return null;
  const estimate = width * height * scaleOf({ width, height }) ** 2 * BYTES_PER_PIXEL;
  return estimate < file.size ? estimate : null;
}

// The photograph as a smaller JPEG, or the file itself where that would not be smaller.
export async function smaller(file) {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scaleOf(picture));
  canvas.height = Math.round(picture.height * scaleOf(picture));
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // JPEG knows no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", QUALITY);
  });
  if (!blob || blob.size >= file.size) return file;
  const name = `${file.name.replace(/\.[^.]*$/, "")}.jpg`;
  return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
}
