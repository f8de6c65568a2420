using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.Audit;

return AuditCommand.Understands(args)
    ? await new AuditCommand(RealmAdminHost.OpenDatabase, Console.Out, Console.Error).RunAsync(args, CancellationToken.None)
    : await ServiceHost.RunAsync(() => RealmAdminHost.Build(args, new Dictionary<string, string?>()));
