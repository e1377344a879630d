// [data-pdf]: draws the pages of a PDF into the page, each once it comes near the window.
//
// data-pdf          where the file is
// data-pdf-library  pdf.js itself; data-pdf-worker, data-pdf-decoders – its worker, its decoders
// data-pdf-page     the word "page", for who cannot see the drawing
// Inside, [data-pdf-state] says what is happening; its data-pdf-failed is the sentence on failure.

const NEAR = "600px"; // how far ahead of the window pages are drawn

async function draw(pdf, canvas, number) {
  const page = await pdf.getPage(number);
  const density = Math.min(window.devicePixelRatio || 1, 2);
  const scale = (canvas.clientWidth * density) / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale });
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  await page.render({ canvas, viewport }).promise;
  canvas.dataset.drawn = "";
}

async function prepare(pdf, box) {
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        draw(pdf, target, Number(target.dataset.page));
      }
    },
    { rootMargin: NEAR },
  );
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const canvas = document.createElement("canvas");
    canvas.className = "pdf-view__page";
    canvas.dataset.page = number;
    canvas.width = first.width; // the usual shape until the page is drawn
    canvas.height = first.height;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${box.dataset.pdfPage} ${number} / ${pdf.numPages}`);
    box.append(canvas);
    observer.observe(canvas);
  }
}

async function show(box) {
  const state = box.querySelector("[data-pdf-state]");
  try {
    const pdfjs = await import(box.dataset.pdfLibrary);
    pdfjs.GlobalWorkerOptions.workerSrc = box.dataset.pdfWorker;
    const pdf = await pdfjs.getDocument({
      url: box.dataset.pdf,
      wasmUrl: box.dataset.pdfDecoders,
      isEvalSupported: false,
      enableXfa: false,
    }).promise;
    await prepare(pdf, box);
    state.remove();
  } catch (error) {
    state.textContent = state.dataset.pdfFailed;
    console.warn(error);
  }
}

for (const box of document.querySelectorAll("[data-pdf]")) show(box);
