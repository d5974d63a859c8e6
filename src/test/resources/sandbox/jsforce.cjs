// Drives the stand-in with jsforce: node jsforce.cjs BASE_URL USER PASSWORD; prints one JSON object.
const jsforce = require('jsforce');

async function main([base, user, password]) {
  const conn = new jsforce.Connection({ loginUrl: base, version: '62.0' });
  const login = await conn.login(user, password);
  const created = await conn.sobject('Lead').create({ LastName: 'Force', Company: "Jay's" });
  const found = await conn.query("SELECT Id, Name, Owner.Name FROM Lead WHERE Company = 'Jay\\'s'");
  const upserted = await conn.sobject('Lead').upsert(
    { LastName: 'Up', Company: 'Sert', LeadRoutes_Id__c: 'jsforce-1' }, 'LeadRoutes_Id__c');
  const again = await conn.sobject('Lead').upsert(
    { LastName: 'Up', Company: 'Sert two', LeadRoutes_Id__c: 'jsforce-1' }, 'LeadRoutes_Id__c');
  const collection = await conn.sobject('Lead').update(
    [{ Id: created.id, Title: 'CEO' }, { Id: upserted.id, Email: 'not an address' }], { allOrNone: false });
  const read = await conn.sobject('Lead').retrieve(created.id);
  const described = await conn.sobject('Lead').describe();
  let refused = '';
  try {
    await conn.sobject('Lead').create({ LastName: 'No company' });
  } catch (error) {
    refused = error.errorCode;
  }
  const identity = await conn.identity();
  await conn.logout();
  console.log(JSON.stringify({ login, created, found, upserted, again, collection, read, refused,
    fields: described.fields.length, username: identity.username }));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
