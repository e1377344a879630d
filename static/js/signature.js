// [data-signature]: a canvas to sign on with a finger, a pen or a mouse. What was drawn goes into the
// hidden field "signature" of its form as a small PNG. Without script the typed name is enough.

const LINE_WIDTH = 2.2;
const HEIGHT = 160; // of the canvas in CSS pixels

function pointIn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function begin(pad) {
  const canvas = pad.querySelector("canvas");
  const field = pad.closest("form").elements.signature;
  const pen = canvas.getContext("2d");
  let isDrawing = false;
  pad.hidden = false;

  function clear() {
    canvas.width = canvas.clientWidth;
    canvas.height = HEIGHT;
    pen.lineWidth = LINE_WIDTH;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.strokeStyle = "#000";
    field.value = "";
  }

  canvas.addEventListener("pointerdown", (event) => {
    isDrawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...pointIn(canvas, event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDrawing) return;
    pen.lineTo(...pointIn(canvas, event));
    pen.stroke();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, () => {
      if (isDrawing) field.value = canvas.toDataURL("image/png");
      isDrawing = false;
    });
  }
  pad.querySelector("[data-signature-clear]").addEventListener("click", clear);
  clear();
}

for (const pad of document.querySelectorAll("[data-signature]")) begin(pad);
