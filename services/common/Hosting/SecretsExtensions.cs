using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Secrets;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Adds what seals and opens the secrets of realms.</summary>
public static class SecretsExtensions
{
    public static void AddSecrets(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SecretsSettings, SecretsSettingsValidator>(SecretsSettings.Section);
        builder.Services.AddSingleton(services => new SecretSealing(services.GetRequiredService<IOptions<SecretsSettings>>().Value));
        builder.Services.AddSingleton<UpstreamSecrets>();
    }
}
