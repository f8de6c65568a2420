using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pipeline;

namespace Pltfrms.Iam.Consent;

/// <summary>Composes the consent service.</summary>
public static class ConsentHost
{
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?> settings)
    {
        var builder = ServiceHost.CreateBuilder(ServiceNames.Consent, args, settings);
        builder.AddRemoteAccessTokens();
        builder.AddRealmFeed();
        builder.Services.AddSingleton<ConsentStore>();
        builder.Services.AddSingleton<ListConsents>();
        builder.Services.AddSingleton<ExplainScopes>();

        var app = builder.Build();
        ServiceHost.MapWellknown(app);
        app.MapGrpcService<ConsentGrpcService>();
        return app;
    }
}
