using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Binds sections of the configuration to settings that are checked when the service starts.</summary>
public static class SettingsExtensions
{
    /// <summary>Settings whose rules are data annotations.</summary>
    public static void AddSettings<TSettings>(this WebApplicationBuilder builder, string section)
        where TSettings : class =>
        builder.Services.AddOptions<TSettings>().Bind(builder.Configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();

    /// <summary>Settings with a validator of their own; its messages name the setting.</summary>
    public static void AddSettings<TSettings, TValidator>(this WebApplicationBuilder builder, string section)
        where TSettings : class
        where TValidator : class, IValidateOptions<TSettings>
    {
        builder.Services.AddSingleton<IValidateOptions<TSettings>, TValidator>();
        builder.Services.AddOptions<TSettings>().Bind(builder.Configuration.GetSection(section)).ValidateOnStart();
    }
}
