using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Consent;

return await ServiceHost.RunAsync(() => ConsentHost.Build(args, new Dictionary<string, string?>()));
