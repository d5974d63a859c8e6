// Logs in with ZoomInfo's own client, both ways, and enriches with each token. Its URL is fixed, so requests are sent elsewhere.
// Arguments: folder with node_modules, base URL of the stand-in. Prints one JSON object.
const path = require('path');
const [modules, base] = process.argv.slice(2);
const axios = require(path.join(modules, 'node_modules', 'axios'));
axios.interceptors.request.use(config => {
  config.url = config.url.replace('https://api.zoominfo.com', base);
  config.proxy = false;
  return config;
});
const client = require(path.join(modules, 'node_modules', 'zoominfo-api-auth-client'));

async function enrich(token) {
  const answer = await axios.post('https://api.zoominfo.com/enrich/contact',
    { matchPersonInput: [{ personId: 1000000003 }], outputFields: ['id', 'firstName', 'companyName'] },
    { headers: { Authorization: 'Bearer ' + token } });
  return answer.data.data.result[0].matchStatus;
}

(async () => {
  const login = (await axios.get(base + '/_sandbox/credentials')).data;
  const basic = await client.getAccessTokenViaBasicAuth(login.username, login.password);
  const pki = await client.getAccessTokenViaPKI(login.username, login.clientId, login.privateKey);
  const wrong = await client.getAccessTokenViaPKI(login.username, 'another-client', login.privateKey);
  console.log(JSON.stringify({ basic: await enrich(basic), pki: await enrich(pki), wrong: wrong.response.status }));
})().catch(error => { console.error(error.message); process.exit(1); });
