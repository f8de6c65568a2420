using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.RealmAdmin;

return await ServiceHost.RunAsync(() => RealmAdminHost.Build(args, new Dictionary<string, string?>()));
