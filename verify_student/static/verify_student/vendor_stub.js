// Sends the result of the pressed button to the callback, as the vendor would.
const page = document.querySelector("main");
const answer = document.getElementById("answer");

for (const button of page.querySelectorAll("button")) {
    button.addEventListener("click", async () => {
        const response = await fetch(page.dataset.url, {
            method: "POST",
            headers: {
                Authorization: page.dataset.authorization,
                "Content-Type": "application/json",
            },
            body: JSON.stringify({
                "EdX-ID": page.dataset.receipt,
                Result: button.dataset.result,
                Reason: button.dataset.reason,
                MessageType: "",
            }),
        });
        answer.textContent = `${response.status} ${await response.text()}`;
    });
}
